using MetisBackup.Core.Naming;

namespace MetisBackup.Storage.Zfs;

/// <summary>A snapshot as ZFS tells it cheaply.</summary>
/// <param name="Dataset">The data set.</param>
/// <param name="Name">The part behind the <c>@</c>.</param>
/// <param name="Identity">ZFS's guid, which no renaming changes.</param>
/// <param name="CreateTxg">ZFS's own order: the transaction group it was made in.</param>
public sealed record ZfsSnapshot(DatasetName Dataset, string Name, ulong Identity, ulong CreateTxg)
{
    /// <summary><c>dataset@name</c>.</summary>
    public string FullName => $"{Dataset.Value}@{Name}";
}

/// <summary>Parser of <c>zfs list -Hp -t snapshot -o name,guid,createtxg -d 1 DATASET</c>.</summary>
public static class ZfsSnapshotList
{
    /// <summary>Arguments of the command.</summary>
    public static IReadOnlyList<string> Arguments(DatasetName dataset) => ["list", "-Hp", "-t", "snapshot", "-o", "name,guid,createtxg", "-d", "1", dataset.Value];

    /// <summary>The snapshots of the data set itself in ZFS's order, the oldest first.</summary>
    public static IReadOnlyList<ZfsSnapshot> Parse(DatasetName dataset, string text) =>
        [.. ZfsTable.Rows("zfs list", text, 3).Select(row => Of(dataset, row[0], row[1], row[2])).OrderBy(static one => one.CreateTxg)];

    /// <summary>The same from properties, for versions whose listing rounds numbers: <c>zfs get -Hp -d 1 -o name,property,value guid,createtxg DATASET</c>.</summary>
    public static IReadOnlyList<ZfsSnapshot> Parse(DatasetName dataset, ZfsProperties properties) =>
        [.. properties.Names
            .Where(name => name.StartsWith(dataset.Value + "@", StringComparison.Ordinal))
            .Select(name => Of(dataset, name, properties.Value(name, "guid") ?? "", properties.Value(name, "createtxg") ?? ""))
            .OrderBy(static one => one.CreateTxg)];

    private static ZfsSnapshot Of(DatasetName dataset, string name, string guid, string createTxg)
    {
        var prefix = dataset.Value + "@";
        return name.StartsWith(prefix, StringComparison.Ordinal)
            ? new ZfsSnapshot(dataset, name[prefix.Length..], ZfsTable.Number("zfs list", guid), ZfsTable.Number("zfs list", createTxg))
            : throw ZfsTable.Unreadable("zfs list", name);
    }
}
