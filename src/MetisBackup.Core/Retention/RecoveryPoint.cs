namespace MetisBackup.Core.Retention;

/// <summary>Something that one can go back to, of either tier, as far as retention needs to know it.</summary>
public sealed record RecoveryPoint
{
    /// <summary>The identity that a deletion goes by: the guid of a ZFS snapshot, the id of an operational one. Never a text that was matched.</summary>
    public required string Id { get; init; }

    /// <summary>The name that a person knows it by.</summary>
    public required string Name { get; init; }

    /// <summary>The system's own order, growing: <c>createtxg</c> of a ZFS snapshot, the position by sequence of an operational one. Where it is equal the date decides.</summary>
    public required long Order { get; init; }

    /// <summary>When it was taken, by the clock of that moment. Never used to order points.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Whether it is known to be made by this product or the tools it replaces.</summary>
    public required bool Owned { get; init; }

    /// <summary>Whether it is as it was when it was committed, as far as its listing can tell.</summary>
    public bool Complete { get; init; } = true;

    /// <summary>What was found when it was last proven.</summary>
    public PointProof Proof { get; init; }

    /// <summary>Meant to be kept for ever.</summary>
    public bool Permanent { get; init; }

    /// <summary>Kept by a person's wish; null when it is not.</summary>
    public PointPin? Pin { get; init; }

    /// <summary>Who holds it, in the system's own terms: the tags of ZFS holds.</summary>
    public IReadOnlyList<string> Holders { get; init; } = [];

    /// <summary>What needs it now: clones made of it, a restore or a transfer under way.</summary>
    public IReadOnlyList<string> Users { get; init; } = [];
}

/// <summary>Whether a point was shown to come back.</summary>
public enum PointProof
{
    /// <summary>Nobody tried.</summary>
    None,

    /// <summary>A drill or a verification succeeded.</summary>
    Proven,

    /// <summary>A drill or a verification failed.</summary>
    Failed,
}

/// <summary>A person's wish to keep a point.</summary>
/// <param name="Reason">Why; may be empty.</param>
/// <param name="Until">From then on the rules decide again; null for never.</param>
public sealed record PointPin(string Reason, DateTimeOffset? Until);
