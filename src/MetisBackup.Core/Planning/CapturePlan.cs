using MetisBackup.Core.Revisions;

namespace MetisBackup.Core.Planning;

/// <summary>How the documents of a collection get into a snapshot.</summary>
public enum CaptureMethod
{
    /// <summary>Nothing changed: all files are those of an older snapshot.</summary>
    Linked,

    /// <summary>What did not change comes from an older snapshot, the rest from the server.</summary>
    Changes,

    /// <summary>Every document is read from the server.</summary>
    Full,
}

/// <summary>A decision and why it was taken, as half a sentence; null when there is nothing to explain.</summary>
public sealed record CaptureDecision(CaptureMethod Method, string? Reason);

/// <summary>What is known about a collection before any document of it was read.</summary>
/// <param name="Live">Its revisions on the server at the point in time; null when the server cannot tell.</param>
/// <param name="HasTree">Whether the whole revision tree is at hand, not its root alone.</param>
/// <param name="Stored">Its revisions in the older snapshot.</param>
public readonly record struct CaptureFacts(RevisionSummary? Live, bool HasTree, RevisionSummary Stored);

/// <summary>Decides from counted facts how a collection is captured and what happens to a segment of which parts are obsolete.</summary>
public static class CapturePlanner
{
    /// <summary>Price of a document that is asked for by its revision, when one in a full read costs 1.</summary>
    private const ulong PriceByRevision = 3;

    /// <summary>Price of the requests that find out what changed.</summary>
    private const ulong PriceOfComparison = 200;

    /// <summary>Small segments are put together when there are this many of them.</summary>
    private const int ManySegments = 32;

    /// <summary>A segment of which this many documents are left is not small.</summary>
    private const long SmallSegment = 8192;

    /// <summary>The decision for a collection, as far as the facts allow it: Changes may still turn into Full.</summary>
    public static CaptureDecision Decide(CaptureFacts facts) => facts switch
    {
        { Live: null } => new CaptureDecision(CaptureMethod.Full, "the server keeps no revision tree of it"),
        _ when facts.Live == facts.Stored => new CaptureDecision(CaptureMethod.Linked, null),
        { HasTree: false } => new CaptureDecision(CaptureMethod.Full, "the server could not give its revision tree"),
        _ => IsFullCheaper(facts.Live.Value.Count, 0) ? Cheaper : new CaptureDecision(CaptureMethod.Changes, null),
    };

    /// <summary>The decision that a full read costs less than the changes.</summary>
    public static CaptureDecision Cheaper { get; } = new(CaptureMethod.Full, "reading all of it is cheaper");

    /// <summary>Whether reading all documents costs less than asking for the added ones by their revisions.</summary>
    /// <param name="total">Documents of the collection.</param>
    /// <param name="added">Documents that the older snapshot lacks.</param>
    public static bool IsFullCheaper(ulong total, ulong added) => PriceOfComparison + (added * PriceByRevision) >= total;

    /// <summary>
    /// Which segments are written anew without their obsolete documents instead of being shared: those that are mostly obsolete, and all
    /// small ones when there are many, so that a long chain of small changes does not become a heap of files.
    /// </summary>
    /// <param name="segments">Documents in each file, and those of them that the snapshot leaves out.</param>
    public static IReadOnlyList<bool> Rewritten(IReadOnlyList<(long Documents, long Obsolete)> segments)
    {
        var areSmallMany = segments.Count(IsSmall) >= ManySegments;
        return [.. segments.Select(segment => segment.Obsolete * 2 > segment.Documents || (areSmallMany && IsSmall(segment)))];
    }

    private static bool IsSmall((long Documents, long Obsolete) segment) => segment.Documents - segment.Obsolete < SmallSegment;
}
