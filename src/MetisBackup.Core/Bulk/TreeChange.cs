namespace MetisBackup.Core.Bulk;

/// <summary>What a restore does to one entry of a tree.</summary>
public enum TreeAction
{
    /// <summary>It is missing and is made.</summary>
    Create,

    /// <summary>Something else is there: that goes to the trash, and what the snapshot has takes its place.</summary>
    Replace,

    /// <summary>Only rights, owner, time or attributes differ and are set.</summary>
    Adjust,

    /// <summary>The snapshot lacks it: it goes to the trash.</summary>
    Remove,
}

/// <summary>One step of a restore of files.</summary>
/// <param name="Action">What is done.</param>
/// <param name="Path">To which entry.</param>
/// <param name="Entry">What will be there; null when it is removed.</param>
/// <param name="Was">What is there now; null for nothing, or a thing of no kind that is captured.</param>
/// <param name="Reason">Why, as a clause; empty where the action says it all.</param>
public sealed record TreeChange(TreeAction Action, TreePath Path, TreeEntry? Entry, TreeEntryKind? Was, string Reason);

/// <summary>The steps of a restore of files in numbers, with the first of them.</summary>
public sealed record TreePlan
{
    /// <summary>The directory that is changed.</summary>
    public required string Root { get; init; }

    /// <summary>Full name of the snapshot.</summary>
    public required string Snapshot { get; init; }

    /// <summary>The directory is missing and is made.</summary>
    public bool CreatesRoot { get; init; }

    /// <summary>Entries that are made.</summary>
    public long Created { get; init; }

    /// <summary>Entries that take the place of others.</summary>
    public long Replaced { get; init; }

    /// <summary>Entries whose rights, owner, time or attributes are set.</summary>
    public long Adjusted { get; init; }

    /// <summary>Entries that are removed.</summary>
    public long Removed { get; init; }

    /// <summary>Entries that are as they should be.</summary>
    public long Kept { get; init; }

    /// <summary>Entries of the snapshot that are left out because their names are excluded now.</summary>
    public long LeftOut { get; init; }

    /// <summary>Bytes that are written, holes left out.</summary>
    public long Bytes { get; init; }

    /// <summary>The first steps, in the order in which they are done.</summary>
    public IReadOnlyList<TreeChange> Changes { get; init; } = [];

    /// <summary>Why the plan cannot be carried out, one sentence each; empty when it can.</summary>
    public IReadOnlyList<string> Obstacles { get; init; } = [];

    /// <summary>Number of steps.</summary>
    public long Steps => Created + Replaced + Adjusted + Removed;
}
