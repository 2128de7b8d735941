namespace MetisBackup.Storage.Zfs;

/// <summary>Parser of <c>zfs holds -H SNAPSHOT…</c>: the names under which snapshots are held.</summary>
public static class ZfsHolds
{
    /// <summary>The tags of each held snapshot.</summary>
    /// <exception cref="Core.Errors.MetisException">16: the output has not the expected form.</exception>
    public static ILookup<string, string> Parse(string text) =>
        ZfsTable.Rows("zfs holds", text, 3).ToLookup(static row => row[0], static row => row[1], StringComparer.Ordinal);
}
