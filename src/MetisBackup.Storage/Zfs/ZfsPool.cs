using System.Globalization;

namespace MetisBackup.Storage.Zfs;

/// <summary>A pool: <c>zpool list -H -o name,cap,health POOL</c>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Capacity">How full it is, 0 to 100; null when ZFS does not say, as for a faulted pool.</param>
/// <param name="Health"><c>ONLINE</c>, <c>DEGRADED</c>, <c>FAULTED</c> …</param>
public sealed record ZfsPool(string Name, int? Capacity, string Health)
{
    /// <summary>Above this a pool becomes slow, and what must be written may not fit any more.</summary>
    public const int NearlyFull = 90;

    /// <summary>What speaks against relying on the pool; empty when nothing does.</summary>
    public IEnumerable<string> Worries()
    {
        if (Health != "ONLINE")
        {
            yield return $"Pool {Name} is {Health}.";
        }

        if (Capacity > NearlyFull)
        {
            yield return $"Pool {Name} is {Capacity} % full.";
        }
    }

    /// <summary>Reads the output.</summary>
    /// <exception cref="Core.Errors.MetisException">16: it has not the expected form.</exception>
    public static ZfsPool Parse(string text)
    {
        var row = ZfsTable.Rows("zpool list", text, 3).FirstOrDefault() ?? throw ZfsTable.Unreadable("zpool list", text);
        var capacity = int.TryParse(row[1].TrimEnd('%'), NumberStyles.None, CultureInfo.InvariantCulture, out var percent) ? percent : (int?)null;
        return capacity is null && row[1] != "-" ? throw ZfsTable.Unreadable("zpool list", row[1]) : new ZfsPool(row[0], capacity, row[2]);
    }
}
