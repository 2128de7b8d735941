using System.Globalization;
using System.Text;
using MetisBackup.Core.Revisions;

namespace MetisBackup.DevServer.Engine;

/// <summary>Builds revision trees from the stored revisions.</summary>
internal static class CollectionTrees
{
    /// <summary>Where the range of a new tree ends (arangodb-protocol 10.3).</summary>
    public const ulong NewRangeMax = 1_687_640_290_115_977_216;

    /// <summary>A tree of these revisions over a range that may be wider than they need.</summary>
    public static RevisionTree Build(SqlConnection connection, long number, ulong rangeMin, ulong rangeMax)
    {
        var tree = Empty(rangeMin, rangeMax);
        using var scan = connection.Rent(SqlText.ScanRevisions, number);
        scan.Bind(1, long.MinValue).Bind(2, long.MaxValue).Bind(3, -1);
        while (scan.Step())
        {
            Insert(tree, RecordNumber.FromStored(scan.Int64(0)));
        }

        return tree;
    }

    /// <summary>Adds a revision; one that no tree can hold (arangodb-protocol 10.4) is left out, as the server's own update fails there.</summary>
    public static void Insert(RevisionTree tree, ulong revision)
    {
        try
        {
            tree.Insert(new RevisionId(revision));
        }
        catch (RevisionTreeException)
        {
            // the tree stays as wide as it got: documented behaviour of the original
        }
    }

    /// <summary>Takes a revision out; one that the tree does not know is passed over.</summary>
    public static void Remove(RevisionTree tree, ulong revision)
    {
        try
        {
            tree.Remove(new RevisionId(revision));
        }
        catch (RevisionTreeException)
        {
            // damaged state after a collision of revisions (arangodb-protocol 11.1) or an id that was never in
        }
    }

    /// <summary>A tree without revisions over this range.</summary>
    public static RevisionTree Empty(ulong rangeMin, ulong rangeMax)
    {
        if (rangeMax == NewRangeMax && rangeMin == RevisionTree.DefaultInitialRangeMin.Value)
        {
            return new RevisionTree();
        }

        var form = string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"version":1,"maxDepth":6,"rangeMax":"{{new RevisionId(rangeMax).ToHlc()}}","rangeMin":"{{new RevisionId(rangeMin).ToHlc()}}","initialRangeMin":"{{RevisionTree.DefaultInitialRangeMin.ToHlc()}}","count":0,"hash":0,"nodes":[]}""");
        return RevisionTree.Parse(Encoding.UTF8.GetBytes(form));
    }
}

/// <summary>Unsigned ids in SQLite's signed integers, order kept.</summary>
internal static class RecordNumber
{
    public static long ToStored(ulong value) => (long)(value ^ (1UL << 63));

    public static ulong FromStored(long value) => (ulong)value ^ (1UL << 63);
}
