using System.Diagnostics;

namespace MetisBackup.UnitTests.Storage.Store;

/// <summary>A small file system of its own; skips the test where it cannot be had.</summary>
internal sealed class TemporaryMount : IDisposable
{
    private bool _isOwned = true;

    private TemporaryMount(string path) => Path = path;

    public string Path { get; }

    public static async Task<TemporaryMount> CreateAsync(string options)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root to mount a small file system");
        var path = Directory.CreateTempSubdirectory("metis-mount-").FullName;
        var mounted = await RunAsync("mount", "-t", "tmpfs", "-o", options, "metis-test", path);
        Assert.SkipUnless(mounted, "needs the right to mount a small file system");
        return new TemporaryMount(path);
    }

    /// <summary>Makes a folder a mount of its own, with what is in it.</summary>
    public static async Task<TemporaryMount> BindAsync(string path)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root to mount a folder");
        Assert.SkipUnless(await RunAsync("mount", "--bind", path, path), "needs the right to mount a folder");
        return new TemporaryMount(path) { _isOwned = false };
    }

    public Task<bool> MakeReadOnlyAsync() => RunAsync("mount", "-o", "remount,ro", Path);

    public Task MakeWritableAsync() => RunAsync("mount", "-o", "remount,rw", Path);

    public void Dispose()
    {
        using var process = Process.Start(new ProcessStartInfo("umount", ["-l", Path]))!;
        process.WaitForExit();
        if (_isOwned)
        {
            Directory.Delete(Path);
        }
    }

    private static async Task<bool> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode == 0;
    }
}
