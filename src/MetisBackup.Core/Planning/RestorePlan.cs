namespace MetisBackup.Core.Planning;

/// <summary>What a restore does to a database: shown by a dry run, approved by the user, then executed as it is.</summary>
public sealed record RestorePlan
{
    /// <summary>Full name of the snapshot.</summary>
    public required string Snapshot { get; init; }

    /// <summary>The target database.</summary>
    public required string Database { get; init; }

    /// <summary>The target does not exist yet.</summary>
    public required bool CreatesDatabase { get; init; }

    /// <summary>Only some collections are touched; nothing unknown to the snapshot is removed.</summary>
    public required bool Partial { get; init; }

    /// <summary>In the order of execution.</summary>
    public required IReadOnlyList<RestoreStep> Steps { get; init; }

    /// <summary>Documents that will be written.</summary>
    public long Documents => Steps.Sum(static step => step.Written);

    /// <summary>The database is what it should be already.</summary>
    public bool ChangesNothing => !CreatesDatabase && Steps.All(static step => step.Action == RestoreAction.Keep);
}

/// <summary>What happens to a thing.</summary>
public enum RestoreAction
{
    /// <summary>It is missing and will be made.</summary>
    Create,

    /// <summary>It exists, is dropped and made again.</summary>
    Recreate,

    /// <summary>It exists, is kept, emptied and filled again (system collections).</summary>
    Refill,

    /// <summary>The snapshot does not know it: it is removed.</summary>
    Drop,

    /// <summary>It is equal to the snapshot's and left alone.</summary>
    Keep,

    /// <summary>It exists and is kept; what differs in it is changed.</summary>
    Update,
}

/// <summary>The kind of a thing in a database.</summary>
public enum RestoreObject
{
    /// <summary>Document or edge collection.</summary>
    Collection,

    /// <summary>A view of either type.</summary>
    View,

    /// <summary>A named graph (a document of <c>_graphs</c>).</summary>
    Graph,

    /// <summary>A custom analyzer (a document of <c>_analyzers</c>).</summary>
    Analyzer,

    /// <summary>An AQL user function (a document of <c>_aqlfunctions</c>).</summary>
    Function,
}

/// <summary>One step of a plan.</summary>
/// <param name="Action">What happens.</param>
/// <param name="Kind">To which kind of thing.</param>
/// <param name="Name">Its name in the snapshot, or in the database when the snapshot does not know it.</param>
/// <param name="Documents">Documents that the snapshot holds for it; 0 for other things than collections.</param>
/// <param name="LiveDocuments">Documents that are there now; 0 when there are none or it is no collection.</param>
public sealed record RestoreStep(RestoreAction Action, RestoreObject Kind, string Name, long Documents, long LiveDocuments)
{
    /// <summary>Why, as a clause; empty where the action says it all.</summary>
    public string Reason { get; init; } = "";

    /// <summary>With <see cref="RestoreAction.Update"/> of a collection: its documents that change; otherwise null.</summary>
    public DocumentChanges? Changes { get; init; }

    /// <summary>The name that a collection has now, when it was renamed and gets its old one back; otherwise null.</summary>
    public string? RenamedFrom { get; init; }

    /// <summary>Names of indexes that are made anew although their definitions are equal, because an analyzer of theirs becomes another one.</summary>
    public IReadOnlyList<string> StaleIndexes { get; init; } = [];

    /// <summary>Documents that will be written.</summary>
    public long Written => Action switch
    {
        RestoreAction.Keep or RestoreAction.Drop => 0,
        RestoreAction.Update => Changes is null ? 0 : Changes.Added + Changes.Changed,
        _ => Documents,
    };

    /// <summary>Documents that are there now and will be gone or replaced.</summary>
    public long Lost => Action switch
    {
        RestoreAction.Keep => 0,
        RestoreAction.Update => Changes is null ? 0 : Changes.Removed + Changes.Changed,
        _ => LiveDocuments,
    };

    /// <summary>The collection is there, under this or its former name, and stays the same one.</summary>
    public bool Stays => Action is RestoreAction.Keep or RestoreAction.Update;
}
