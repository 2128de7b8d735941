using MetisBackup.Storage.Zfs;

namespace MetisBackup.App.Operations.DisasterRecovery;

/// <summary>A snapshot of the DR tier.</summary>
internal sealed record DrSnapshot
{
    /// <summary>As ZFS lists it.</summary>
    public required ZfsSnapshot Zfs { get; init; }

    /// <summary>Its label, <c>nightly</c> for example.</summary>
    public required string Label { get; init; }

    /// <summary>When it was taken: from ZFS when the details were read, otherwise from its name.</summary>
    public required DateTimeOffset TakenAt { get; init; }

    /// <summary>What costs more to ask for; null when it was not.</summary>
    public DrSnapshotDetails? Details { get; init; }

    /// <summary><c>dataset@name</c>.</summary>
    public string FullName => Zfs.FullName;
}

/// <summary>What ZFS tells about a snapshot at a higher price.</summary>
internal sealed record DrSnapshotDetails
{
    /// <summary>Our id; null for one of the earlier script.</summary>
    public required string? Id { get; init; }

    /// <summary>Bytes that nobody else shares.</summary>
    public required ulong Used { get; init; }

    /// <summary>Bytes that it can reach.</summary>
    public required ulong Referenced { get; init; }

    /// <summary>Number of holds.</summary>
    public required ulong HoldCount { get; init; }

    /// <summary>Their tags; fewer than <see cref="HoldCount"/> where the version cannot name them.</summary>
    public required IReadOnlyList<string> Holds { get; init; }

    /// <summary>Data sets that are clones of it.</summary>
    public required IReadOnlyList<string> Clones { get; init; }

    /// <summary>What the server held; null when it is not known.</summary>
    public required RecordedContent? Content { get; init; }

    /// <summary>What the last drill found; null when there was none.</summary>
    public required DrillVerdict? Drill { get; init; }

    /// <summary>Who holds it, for messages.</summary>
    public IReadOnlyList<string> Holders => Holds.Count > 0 || HoldCount == 0 ? Holds : [$"{HoldCount} unnamed"];
}
