using System.Collections.Immutable;
using MetisBackup.Core.Revisions;

namespace MetisBackup.DevServer.Engine;

/// <summary>What is kept in memory beside the tables, as of one commit: immutable, replaced as a whole.</summary>
/// <param name="Catalog">The definitions.</param>
/// <param name="Sequence">Number of the last operation.</param>
/// <param name="Collections">Counters by collection id.</param>
internal sealed record EngineState(Catalog Catalog, ulong Sequence, ImmutableDictionary<string, CollectionState> Collections);

/// <summary>Counters of one collection as of one commit.</summary>
internal sealed record CollectionState
{
    public static readonly CollectionState New = new() { Tree = new RevisionTree() };

    public long Count { get; init; }

    /// <summary>Highest revision ever stored, 0 for none.</summary>
    public ulong LastRevision { get; init; }

    /// <summary>Last value of the key generator.</summary>
    public ulong LastKey { get; init; }

    /// <summary>Range of the revision tree; it outlives the tree's memory, because a tree never shrinks.</summary>
    public ulong RangeMin { get; init; } = RevisionTree.DefaultInitialRangeMin.Value;

    /// <inheritdoc cref="RangeMin"/>
    public ulong RangeMax { get; init; } = CollectionTrees.NewRangeMax;

    /// <summary>Number of the operation that changed the collection last; 0 when that was before the start.</summary>
    public ulong ChangedAt { get; init; }

    /// <summary>Never changed once it stands here; null until first needed after a start.</summary>
    public RevisionTree? Tree { get; init; }
}
