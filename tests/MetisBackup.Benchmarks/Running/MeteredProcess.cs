using System.Diagnostics;
using System.Globalization;

namespace MetisBackup.Benchmarks.Running;

/// <summary>What one run cost.</summary>
/// <param name="Seconds">Wall clock.</param>
/// <param name="CpuSeconds">User and system time of the process.</param>
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
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        var exited = process.WaitForExitAsync();
        long peak = 0;
        while (!exited.IsCompleted)
        {
            peak = Math.Max(peak, PeakOf(process.Id));
            await Task.WhenAny(exited, Task.Delay(10));
        }

        var seconds = watch.Elapsed.TotalSeconds;
        var cpu = process.TotalProcessorTime.TotalSeconds;
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await errors}{await output}");
        }

        return new Cost(seconds, cpu, peak, await output);
    }

    /// <summary>CPU seconds that a running process has used so far.</summary>
    public static double CpuOf(int pid)
    {
        using var process = Process.GetProcessById(pid);
        return process.TotalProcessorTime.TotalSeconds;
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
