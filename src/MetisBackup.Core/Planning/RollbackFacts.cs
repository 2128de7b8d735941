namespace MetisBackup.Core.Planning;

/// <summary>What is known before a rollback is planned.</summary>
public sealed record RollbackFacts
{
    /// <summary>How the user wants to go back.</summary>
    public required RollbackKind Kind { get; init; }

    /// <summary>The live data set.</summary>
    public required string Dataset { get; init; }

    /// <summary>It is the top of its pool.</summary>
    public required bool IsPool { get; init; }

    /// <summary>Full name of the snapshot, or of the kept state.</summary>
    public required string Target { get; init; }

    /// <summary>Name of what comes in.</summary>
    public required string Staged { get; init; }

    /// <summary>Name that what is live gets.</summary>
    public required string Replaced { get; init; }

    /// <summary>Until when that is kept.</summary>
    public required DateTimeOffset Expires { get; init; }

    /// <summary>Snapshots that are newer than the target, oldest first, those below the data set too.</summary>
    public required IReadOnlyList<NewerSnapshot> Newer { get; init; }

    /// <summary>Data sets below the live one that have no such snapshot.</summary>
    public required IReadOnlyList<string> WithoutSnapshot { get; init; }

    /// <summary>Names of snapshots that both sides of an undo have.</summary>
    public IReadOnlyList<string> Conflicts { get; init; } = [];

    /// <summary>What is wrong with the pool.</summary>
    public required IReadOnlyList<string> PoolWorries { get; init; }

    /// <summary>Mount points that are not ZFS's to manage (<c>legacy</c>), by data set.</summary>
    public required IReadOnlyList<string> LegacyMounts { get; init; }

    /// <summary>The directory of locks and journals, when it lies on the data set; null when it lies elsewhere, as it must.</summary>
    public string? StateOnDataset { get; init; }

    /// <summary>Processes that use the data set.</summary>
    public required IReadOnlyList<string> FileUsers { get; init; }

    /// <summary>The service, for messages; null when the user stops and starts the server.</summary>
    public required string? Service { get; init; }

    /// <summary>Address of the server that is waited for; null for none.</summary>
    public required string? Endpoint { get; init; }

    /// <summary>The user accepts a pool with worries.</summary>
    public required bool Force { get; init; }

    /// <summary>The user accepts that newer snapshots are destroyed.</summary>
    public required bool DiscardNewer { get; init; }
}

/// <summary>A snapshot that is newer than the target.</summary>
/// <param name="Name">Full name.</param>
/// <param name="Obstacle">Why it cannot be destroyed: who holds it, what is a clone of it; null when it can.</param>
public sealed record NewerSnapshot(string Name, string? Obstacle);
