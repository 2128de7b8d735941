using System.Diagnostics;
using System.Globalization;

namespace MetisBackup.Benchmarks.Running;

/// <summary>What one run cost.</summary>
/// <param name="Seconds">Wall clock.</param>
/// <param name="CpuSeconds">User and system time of the process itself, without its children.</param>
/// <param name="PeakBytes">High-water mark of resident memory, from <c>/proc</c>.</param>
/// <param name="Output">Standard output, when it was kept.</param>
internal sealed record Cost(double Seconds, double CpuSeconds, long PeakBytes, string Output);

/// <summary>Runs a program to its end and meters it.</summary>
internal static class MeteredProcess
{
    /// <summary>Runs a program; a non-zero exit code is an error that carries its messages.</summary>
    public static async Task<Cost> RunAsync(string program, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Remove("METIS_BACKUP_EXE"); // ours, and unknown to the program
        start.Environment["STATE_DIRECTORY"] = Path.Combine(Path.GetTempPath(), "metis-bench-state"); // not the history of this machine
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        var exited = process.WaitForExitAsync();
        long peak = 0;
        var cpu = 0.0;
        while (!exited.IsCompleted)
        {
            peak = Math.Max(peak, PeakOf(process.Id));
            cpu = Math.Max(cpu, CpuOf(process.Id));
            await Task.WhenAny(exited, Task.Delay(10));
        }

        var seconds = watch.Elapsed.TotalSeconds;
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await errors}{await output}");
        }

        return new Cost(seconds, cpu, peak, await output);
    }

    /// <summary>CPU seconds, user and system, that a process has used so far; 0 when it is gone.</summary>
    public static double CpuOf(int pid)
    {
        const double TicksPerSecond = 100;
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static long PeakOf(int pid)
    {
        try
        {
            var line = File.ReadLines($"/proc/{pid}/status").FirstOrDefault(text => text.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line["VmHWM:".Length..^"kB".Length].Trim(), CultureInfo.InvariantCulture) * 1024;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
