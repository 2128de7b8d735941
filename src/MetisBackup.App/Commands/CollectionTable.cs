using MetisBackup.App.Operations;
using MetisBackup.App.Output;

namespace MetisBackup.App.Commands;

/// <summary>Collections and how each was compared with the server.</summary>
internal static class CollectionTable
{
    private static readonly Column[] Columns =
        [new("COLLECTION"), new("TYPE"), new("DOCUMENTS", IsNumber: true), new("REVISION HASH"), new("PROVEN BY")];

    /// <summary>One row per collection.</summary>
    public static void Write(Screen screen, IReadOnlyList<CollectionProof> collections) => screen.Table(Columns, collections.Select(static one => new[]
    {
        one.Name,
        one.IsEdge ? "edge" : "document",
        HumanText.Count(one.Documents),
        one.RevisionHash,
        one.Proof switch { ProofKind.RevisionTree => "revision tree", ProofKind.Count => "count", _ => "nothing" },
    }));

    /// <summary>The proof of all of them in one sentence.</summary>
    public static string Proof(IReadOnlyList<CollectionProof> collections)
    {
        var trees = collections.Count(static one => one.Proof == ProofKind.RevisionTree);
        var counts = collections.Count(static one => one.Proof == ProofKind.Count);
        var unproven = collections.Count - trees - counts;
        return Compared(trees, counts, unproven) + (unproven > 0 ? $"; {HumanText.Count(unproven, "collection")} unproven" : "");
    }

    private static string Compared(int trees, int counts, int unproven)
    {
        var every = unproven == 0 ? "every collection" : "every other collection";
        return (trees, counts) switch
        {
            (0, 0) => "no collection to prove",
            (_, 0) => $"{every} equals the server's revision tree",
            (0, _) => $"the server keeps no revision trees: {every} was compared by its number of documents",
            _ => $"{HumanText.Count(trees, "collection")} equal the server's revision tree, {HumanText.Count(counts)} without one compared by number of documents",
        };
    }
}
