using System.Globalization;

namespace MetisBackup.Benchmarks.Running;

/// <summary>A virtual machine with the OpenZFS kernel module, where one was built: <c>METIS_ZVM</c> names a program that runs <c>run DIR COMMAND</c> in it, <c>ZVM_CACHE</c> its images.</summary>
internal static class OpenZfsMachine
{
    private const string Flavour = "bookworm-backports";

    /// <summary>The program; null when there is none, or its images were not built.</summary>
    public static string? Find()
    {
        var program = Environment.GetEnvironmentVariable("METIS_ZVM") ?? Path.GetFullPath(Path.Combine("..", "shared", "tools", "zvm.sh"));
        var images = Environment.GetEnvironmentVariable("ZVM_CACHE") ?? Path.Combine(Path.GetDirectoryName(program)!, "cache");
        return File.Exists(program) && File.Exists(Path.Combine(images, Flavour, "warm.state")) ? program : null;
    }

    /// <summary>Runs a script beside the executable, and returns the figures that it prints, one <c>name number</c> a line.</summary>
    public static async Task<ILookup<string, double>> MeasureAsync(string program, string folder, string executable, string script, string arguments)
    {
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(Path.GetFullPath(executable))!, "*.so").Append(executable))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        File.Copy(script, Path.Combine(folder, Path.GetFileName(script)));
        var name = Path.GetFileName(executable);
        var command = $"mkdir /tmp/m && cp {name} *.so /tmp/m && bash {Path.GetFileName(script)} /tmp/m/{name} {arguments}";
        var output = (await MeteredProcess.RunAsync("env", [$"ZVM_FLAVOR={Flavour}", "ZVM_TIMEOUT=5400", "bash", program, "run", folder, command])).Output;
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => line.Split(' ')).ToLookup(static words => words[0], static words => double.Parse(words[1], CultureInfo.InvariantCulture), StringComparer.Ordinal);
    }
}
