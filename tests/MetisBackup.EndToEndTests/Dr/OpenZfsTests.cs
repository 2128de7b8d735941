using System.Diagnostics;
using MetisBackup.EndToEndTests.Running;

namespace MetisBackup.EndToEndTests.Dr;

/// <summary>
/// The story on what users have: the OpenZFS kernel module, in a virtual machine. Only in the long check, with the published executable,
/// and where the machine was built: <c>METIS_ZVM</c> names a program that runs <c>run DIR COMMAND</c> in it, <c>ZVM_CACHE</c> its images.
/// </summary>
public sealed class OpenZfsTests
{
    private const long SmallestNative = 5_000_000;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    [Theory]
    [InlineData("bookworm", "2.1")]
    [InlineData("bookworm-backports", "2.3")]
    public async Task The_story_holds_on_OpenZFS(string flavour, string version)
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("METIS_LONG") == "1", "runs in the long check only (./check --long)");
        Assert.SkipUnless(new FileInfo(Metis.Executable).Length > SmallestNative, "needs the published executable (METIS_BACKUP_EXE)");
        var program = Environment.GetEnvironmentVariable("METIS_ZVM") ?? Path.GetFullPath(Path.Combine(Repository.Root, "..", "shared", "tools", "zvm.sh"));
        Assert.SkipUnless(File.Exists(program), "needs a virtual machine with OpenZFS (METIS_ZVM)");
        var images = Environment.GetEnvironmentVariable("ZVM_CACHE") ?? Path.Combine(Path.GetDirectoryName(program)!, "cache");
        Assert.SkipUnless(File.Exists(Path.Combine(images, flavour, "warm.state")), $"needs the virtual machine '{flavour}', which is not built (ZVM_FLAVOR={flavour} {Path.GetFileName(program)} build)");

        var folder = Directory.CreateTempSubdirectory("metis-zvm-");
        try
        {
            File.Copy(Metis.Executable, Path.Combine(folder.FullName, "metis-backup"));
            foreach (var library in Directory.EnumerateFiles(Path.GetDirectoryName(Metis.Executable)!, "*.so"))
            {
                File.Copy(library, Path.Combine(folder.FullName, Path.GetFileName(library)));
            }

            File.Copy(Path.Combine(Repository.Root, "tests", "MetisBackup.EndToEndTests", "Dr", "openzfs-story.sh"), Path.Combine(folder.FullName, "story.sh"));
            var (code, output, error) = await RunAsync(program, flavour, images, folder.FullName, "zfs version && mkdir /tmp/m && cp metis-backup *.so /tmp/m && bash story.sh /tmp/m/metis-backup");

            Assert.True(code == 0 && output.TrimEnd().EndsWith("STORY-OK", StringComparison.Ordinal), $"{flavour}: {code}\n{output}\n{error}");
            Assert.Contains("zfs-" + version, output, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<(int Code, string Out, string Error)> RunAsync(string program, string flavour, string images, string folder, string command)
    {
        var start = new ProcessStartInfo("bash", [program, "run", folder, command]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["ZVM_FLAVOR"] = flavour;
        start.Environment["ZVM_CACHE"] = images;
        start.Environment["ZVM_TIMEOUT"] = "1100";
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Patience);
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var error = process.StandardError.ReadToEndAsync(limit.Token);
        try
        {
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
