namespace MetisBackup.Core.Planning;

/// <summary>How a collection of a database differs from the one that a snapshot holds, as far as it was counted.</summary>
public sealed record CollectionDifference
{
    /// <summary>Its name in the snapshot.</summary>
    public required string Name { get; init; }

    /// <summary>Its name in the database; another one when it was renamed.</summary>
    public required string LiveName { get; init; }

    /// <summary>
    /// Why the collection cannot be changed into that of the snapshot and has to be made anew, as a clause such as <c>its key generator
    /// is another one</c>; null when it can.
    /// </summary>
    public string? Obstacle { get; init; }

    /// <summary>What can be changed in place: properties and indexes, as clauses.</summary>
    public IReadOnlyList<string> Structure { get; init; } = [];

    /// <summary>An inverted index has to go or to be made.</summary>
    public bool IndexesChange { get; init; }

    /// <summary>Names of indexes whose definitions are equal, but which use an analyzer that becomes another one.</summary>
    public IReadOnlyList<string> StaleIndexes { get; init; } = [];

    /// <summary>The counted revisions; null when there is an obstacle.</summary>
    public RevisionCounts? Revisions { get; init; }
}

/// <summary>Revisions that only one of two collections holds.</summary>
/// <param name="Live">Number of revisions that only the database holds.</param>
/// <param name="Stored">Number of revisions that only the snapshot holds.</param>
/// <param name="Replaced">How many of the latter are of a key that the database holds too; null when not counted.</param>
public sealed record RevisionCounts(long Live, long Stored, long? Replaced)
{
    /// <summary>Equal documents.</summary>
    public static RevisionCounts None { get; } = new(0, 0, 0);

    /// <summary>Both hold the same revisions.</summary>
    public bool AreEqual => Live == 0 && Stored == 0;
}

/// <summary>Changes of documents, from the database as it is to the snapshot.</summary>
/// <param name="Added">Documents that are missing and come back.</param>
/// <param name="Removed">Documents that the snapshot does not know.</param>
/// <param name="Changed">Documents that are set back to what they were.</param>
public sealed record DocumentChanges(long Added, long Removed, long Changed)
{
    /// <summary>From the revisions that differ, once it is known how many of them belong to the same documents.</summary>
    public static DocumentChanges Of(RevisionCounts counts)
    {
        var changed = Math.Clamp(counts.Replaced ?? 0, 0, Math.Min(counts.Live, counts.Stored));
        return new DocumentChanges(counts.Stored - changed, counts.Live - changed, changed);
    }
}
