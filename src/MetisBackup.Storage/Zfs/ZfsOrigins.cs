namespace MetisBackup.Storage.Zfs;

/// <summary>
/// Parser of <c>zfs list -H -o name,origin -t filesystem,volume -r POOL</c>: which data sets are clones, and of what. The property
/// <c>clones</c> says the same from the other side, but not in every version.
/// </summary>
public static class ZfsOrigins
{
    /// <summary>The clones of each snapshot (<c>dataset@name</c>).</summary>
    /// <exception cref="Core.Errors.MetisException">16: the output has not the expected form.</exception>
    public static ILookup<string, string> Parse(string text) =>
        ZfsTable.Rows("zfs list", text, 2).Where(static row => row[1] != "-").ToLookup(static row => row[1], static row => row[0], StringComparer.Ordinal);
}
