namespace MetisBackup.Core.Revisions;

/// <summary>Revision ids from <paramref name="Min"/> to <paramref name="Max"/>, both inclusive.</summary>
/// <param name="Min">The smallest id of the range.</param>
/// <param name="Max">The largest id of the range.</param>
public readonly record struct RevisionRange(RevisionId Min, RevisionId Max)
{
    /// <summary>Whether <paramref name="revision"/> lies in the range.</summary>
    public bool Contains(RevisionId revision) => Min <= revision && revision <= Max;
}
