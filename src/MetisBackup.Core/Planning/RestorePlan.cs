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
    public long Documents => Steps.Sum(static step => step.Documents);
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
/// <param name="Name">Its name.</param>
/// <param name="Documents">Documents that the snapshot holds for it and that will be written; 0 for other things than collections.</param>
/// <param name="LiveDocuments">Documents that are there now and will be gone; 0 when there are none or it is no collection.</param>
public sealed record RestoreStep(RestoreAction Action, RestoreObject Kind, string Name, long Documents, long LiveDocuments);
