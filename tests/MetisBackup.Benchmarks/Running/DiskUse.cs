using System.Globalization;

namespace MetisBackup.Benchmarks.Running;

/// <summary>What a folder takes on the disk, as <c>du</c> counts it: a file with several names once.</summary>
internal static class DiskUse
{
    public static async Task<long> OfAsync(string folder)
    {
        var cost = await MeteredProcess.RunAsync("du", ["-s", "-B1", folder]);
        return long.Parse(cost.Output.AsSpan(0, cost.Output.IndexOf('\t', StringComparison.Ordinal)), CultureInfo.InvariantCulture);
    }
}
