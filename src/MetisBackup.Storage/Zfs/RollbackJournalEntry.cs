using System.Text.Json.Serialization;
using MetisBackup.Core.Planning;

namespace MetisBackup.Storage.Zfs;

/// <summary>A rollback, or the undoing of one, that has begun to change a data set.</summary>
public sealed record RollbackJournalEntry
{
    /// <summary>Version of this form.</summary>
    public int Format { get; init; } = 1;

    /// <summary>Unique; also marks the clones that were made.</summary>
    public required string Id { get; init; }

    /// <summary>What is done.</summary>
    public required RollbackKind Kind { get; init; }

    /// <summary>Name of the live data set.</summary>
    public required string Dataset { get; init; }

    /// <summary>ZFS's guid of what was live at the beginning.</summary>
    public required ulong LiveIdentity { get; init; }

    /// <summary>Name of what comes in: the clone, or the kept state.</summary>
    public required string Staged { get; init; }

    /// <summary>Its guid; 0 while the clone has not been made.</summary>
    public ulong StagedIdentity { get; init; }

    /// <summary>What marks the kept state that comes in as one, for the way back; empty for a clone.</summary>
    public IReadOnlyDictionary<string, string> Marks { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Name that what was live gets.</summary>
    public required string Replaced { get; init; }

    /// <summary>The part behind the <c>@</c> of the snapshot that is gone back to.</summary>
    public required string Snapshot { get; init; }

    /// <summary>The data set and those below it that were live.</summary>
    public required IReadOnlyList<RollbackMember> Members { get; init; }

    /// <summary>Full name of the safety snapshot; null while there is none.</summary>
    public string? SafetySnapshot { get; init; }

    /// <summary>When it began, UTC.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>From when on what was replaced may be pruned.</summary>
    public required DateTimeOffset Expires { get; init; }

    /// <summary>Newer snapshots may be destroyed; only of a rollback in place.</summary>
    public bool DiscardNewer { get; init; }

    /// <summary>The way goes back: what was live comes in again.</summary>
    public bool Returning { get; init; }

    /// <summary>The last step that was completed in the present direction.</summary>
    public RollbackStep Done { get; init; }

    /// <summary>Names of the databases that must be there afterwards; null when they are not known.</summary>
    public IReadOnlyList<string>? Databases { get; init; }
}

/// <summary>A data set that takes part.</summary>
/// <param name="Relative">Where it lies below the live one; empty for itself.</param>
/// <param name="HasSnapshot">The snapshot exists there too; otherwise it was made later and goes out with the rest.</param>
/// <param name="Settings">Properties set on it that a clone does not have by itself.</param>
public sealed record RollbackMember(string Relative, bool HasSnapshot, IReadOnlyDictionary<string, string> Settings);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, NewLine = "\n", UseStringEnumConverter = true)]
[JsonSerializable(typeof(RollbackJournalEntry))]
internal sealed partial class RollbackJournalJson : JsonSerializerContext;
