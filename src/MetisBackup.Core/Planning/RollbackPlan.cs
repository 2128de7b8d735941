namespace MetisBackup.Core.Planning;

/// <summary>How a data set goes back.</summary>
public enum RollbackKind
{
    /// <summary>A clone of the snapshot takes the place of the data set, which is kept.</summary>
    Swap,

    /// <summary>A kept state takes the place of the data set, which is kept.</summary>
    Undo,

    /// <summary>The data set itself goes back; what came after is lost.</summary>
    InPlace,
}

/// <summary>The steps, in the order of execution; not every kind has all.</summary>
public enum RollbackStep
{
    /// <summary>Nothing was done yet.</summary>
    None,

    /// <summary>A snapshot of the present state.</summary>
    SaveState,

    /// <summary>The service is stopped, and really down.</summary>
    StopService,

    /// <summary>The snapshot is cloned.</summary>
    Clone,

    /// <summary>The live data set is unmounted and will not be mounted by itself.</summary>
    Park,

    /// <summary>It gets another name.</summary>
    MoveOut,

    /// <summary>The clone, or the kept state, gets its name.</summary>
    MoveIn,

    /// <summary>It becomes independent and takes over the older snapshots.</summary>
    Promote,

    /// <summary>The data set goes back in place.</summary>
    RollBack,

    /// <summary>Properties and mount point are those of before.</summary>
    CarryOver,

    /// <summary>It is mounted.</summary>
    Mount,

    /// <summary>The service is started.</summary>
    StartService,

    /// <summary>The server answers, and has the databases of the snapshot.</summary>
    AwaitServer,

    /// <summary>What was replaced is marked, with the day from which on it may go.</summary>
    KeepReplaced,

    /// <summary>What did not come into use is removed.</summary>
    Discard,
}

/// <summary>What a rollback does: shown by a dry run, approved by the user, then executed as it is.</summary>
public sealed record RollbackPlan
{
    /// <summary>How.</summary>
    public required RollbackKind Kind { get; init; }

    /// <summary>The live data set.</summary>
    public required string Dataset { get; init; }

    /// <summary>Full name of the snapshot, or of the kept state that comes back.</summary>
    public required string Target { get; init; }

    /// <summary>In the order of execution, without what there is no service or server for.</summary>
    public required IReadOnlyList<PlannedStep> Steps { get; init; }

    /// <summary>Snapshots that will be destroyed, full names; only in place.</summary>
    public required IReadOnlyList<string> Lost { get; init; }

    /// <summary>What the user should know before saying yes, one sentence each.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}

/// <summary>One step.</summary>
/// <param name="Step">Which.</param>
/// <param name="Text">What it does, in words.</param>
public sealed record PlannedStep(RollbackStep Step, string Text);
