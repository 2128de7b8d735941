namespace MetisBackup.App.Operations.DisasterRecovery;

/// <summary>The user properties by which this product knows its own snapshots and data sets again.</summary>
internal static class OwnProperties
{
    /// <summary>On a snapshot: a unique id.</summary>
    public const string Id = "metis-backup:id";

    /// <summary>On a snapshot: when it was taken, UTC, ISO 8601.</summary>
    public const string Taken = "metis-backup:taken";

    /// <summary>On a snapshot: what the server held then, see <see cref="RecordedContent"/>.</summary>
    public const string Content = "metis-backup:content";

    /// <summary>On a snapshot: what the last drill found, see <see cref="DrillVerdict"/>.</summary>
    public const string Drill = "metis-backup:drill";

    /// <summary>On a data set: the name of the data set whose former state it is.</summary>
    public const string StateOf = "metis-backup:state-of";

    /// <summary>On such a data set: <c>replaced</c> by a rollback, or <c>undone</c>.</summary>
    public const string Kind = "metis-backup:kind";

    /// <summary>On such a data set: when it stopped being the live one, UTC, ISO 8601.</summary>
    public const string Since = "metis-backup:since";

    /// <summary>On such a data set: from when on it may be pruned, UTC, ISO 8601.</summary>
    public const string Expires = "metis-backup:expires";

    /// <summary>On such a data set: the snapshot that was gone back to.</summary>
    public const string Because = "metis-backup:rolled-back-to";

    /// <summary>On a clone that is thrown away: the id of the run that made it.</summary>
    public const string Scratch = "metis-backup:scratch";

    /// <summary>On any data set kept or made here: <c>canmount</c> as it was before.</summary>
    public const string CanMount = "metis-backup:canmount";

    /// <summary>The marks that tell a data set made or kept here from the live one.</summary>
    public static readonly IReadOnlyList<string> OfDatasets = [Scratch, StateOf, Kind, Since, Expires, Because];

    /// <summary>Tag of our holds.</summary>
    public const string HoldTag = "metis-backup";
}
