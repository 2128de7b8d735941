using System.Globalization;

namespace MetisBackup.Core.Planning;

/// <summary>How a collection becomes that of the snapshot.</summary>
public enum RestoreWay
{
    /// <summary>Nothing is written.</summary>
    Keep,

    /// <summary>Only what differs is removed and written.</summary>
    Delta,

    /// <summary>Made anew and loaded.</summary>
    Full,
}

/// <summary>What is done to a collection that both the database and the snapshot hold.</summary>
/// <param name="Way">How.</param>
/// <param name="Reason">Why, as a clause.</param>
/// <param name="Changes">With <see cref="RestoreWay.Delta"/>: the documents that change; otherwise null.</param>
public sealed record RestoreDecision(RestoreWay Way, string Reason, DocumentChanges? Changes = null)
{
    // Measured in documents loaded into a fresh collection: a removal costs about half of that; a replacement finds, removes and writes in
    // places all over the collection, as a load does not. Making a collection anew costs as much as some documents even when it is empty.
    private const double CostOfRemoval = 0.5;
    private const double CostOfWrite = 1.25;
    private const double CostOfReplacement = 3;
    private const double CostOfMaking = 1000;

    /// <summary>Decides for one collection, from what was counted.</summary>
    /// <param name="difference">What was counted.</param>
    /// <param name="documents">Number of documents in the snapshot.</param>
    /// <param name="full">The user asked for everything to be made anew.</param>
    public static RestoreDecision For(CollectionDifference difference, long documents, bool full)
    {
        if (full)
        {
            return new RestoreDecision(RestoreWay.Full, "a full restore was asked for");
        }

        if (difference.Obstacle is not null || difference.Revisions is not { } counts)
        {
            return new RestoreDecision(RestoreWay.Full, difference.Obstacle ?? "its documents were not compared");
        }

        if (IsFullCheaper(counts, documents))
        {
            return new RestoreDecision(RestoreWay.Full, "so many of its documents differ that loading all is cheaper");
        }

        var clauses = difference.Structure.ToList();
        if (difference.Name != difference.LiveName)
        {
            clauses.Insert(0, $"it is called {difference.LiveName} now");
        }

        if (counts.AreEqual && clauses.Count == 0)
        {
            return new RestoreDecision(RestoreWay.Keep, "equal to the snapshot");
        }

        clauses.Insert(0, counts.AreEqual ? "its documents are equal" : Differ(counts, documents));
        return new RestoreDecision(RestoreWay.Delta, string.Join("; ", clauses), DocumentChanges.Of(counts));
    }

    /// <summary>
    /// Whether so much differs that making the collection anew costs less. To be asked before keys are compared, which is the dearer part.
    /// </summary>
    public static bool IsFullCheaper(RevisionCounts counts, long documents)
    {
        var replaced = Math.Min(counts.Stored, counts.Live);
        var (written, removed) = (counts.Stored - replaced, counts.Live - replaced);
        return (replaced * CostOfReplacement) + (written * CostOfWrite) + (removed * CostOfRemoval) > documents + CostOfMaking;
    }

    private static string Differ(RevisionCounts counts, long documents) =>
        string.Create(CultureInfo.InvariantCulture, $"{counts.Live + counts.Stored - DocumentChanges.Of(counts).Changed:N0} of {Math.Max(documents, counts.Live):N0} documents differ");
}
