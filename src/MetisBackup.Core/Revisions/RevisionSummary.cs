namespace MetisBackup.Core.Revisions;

/// <summary>
/// Number of revisions and XOR of their hashes: what the root of a revision tree states (arangodb-protocol 10.3). Equal summaries
/// prove that two sets of revisions are the same, as far as 64 bits can.
/// </summary>
/// <param name="Count">Number of revisions.</param>
/// <param name="Hash">XOR of <see cref="RevisionId.Hash"/> over the revisions.</param>
public readonly record struct RevisionSummary(ulong Count, ulong Hash)
{
    /// <summary>The summary of no revision.</summary>
    public static readonly RevisionSummary Empty;

    /// <summary>The summary with one revision more.</summary>
    public RevisionSummary With(RevisionId revision) => new(Count + 1, Hash ^ revision.Hash);

    /// <summary>The summary with one revision less; the revision must have been part of it.</summary>
    public RevisionSummary Without(RevisionId revision) => new(Count - 1, Hash ^ revision.Hash);

    /// <summary>The summary of two disjoint sets together.</summary>
    public RevisionSummary Union(RevisionSummary other) => new(Count + other.Count, Hash ^ other.Hash);

    /// <summary>The summary of a set of revisions.</summary>
    public static RevisionSummary Of(IEnumerable<RevisionId> revisions)
    {
        var summary = Empty;
        foreach (var revision in revisions)
        {
            summary = summary.With(revision);
        }

        return summary;
    }
}
