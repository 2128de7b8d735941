using System.Text.Json.Serialization;

namespace MetisBackup.Storage.Store;

/// <summary>A restore that has begun to change a database.</summary>
public sealed record RestoreJournalEntry
{
    /// <summary>The target.</summary>
    public required string Database { get; init; }

    /// <summary>What the server calls itself; its address when it does not tell. Equal for equal servers, whatever way leads there.</summary>
    public required string Server { get; init; }

    /// <summary>The address that was used.</summary>
    public required string Endpoint { get; init; }

    /// <summary>What is being restored.</summary>
    public required string Snapshot { get; init; }

    /// <summary>The state before the first change; null when there was none.</summary>
    public string? SafetySnapshot { get; init; }

    /// <summary>What lay there whenever an unfinished restore was taken up again, oldest first.</summary>
    public IReadOnlyList<string> InterimSnapshots { get; init; } = [];

    /// <summary>Views that were or are to be removed on the way and come back at the end. Only where some collections are restored.</summary>
    public IReadOnlyList<RestoreJournalView> Views { get; init; } = [];

    /// <summary>Only these collections; empty for the whole database.</summary>
    public IReadOnlyList<string> Collections { get; init; } = [];

    /// <summary>When the present attempt began (UTC).</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>Whether a snapshot is what is being restored, or a state to go back to.</summary>
    public bool Needs(string snapshot) => Snapshot == snapshot || SafetySnapshot == snapshot || InterimSnapshots.Contains(snapshot, StringComparer.Ordinal);

    /// <summary>Nothing that must be there is null.</summary>
    internal bool IsWhole => Database is not null && Server is not null && Endpoint is not null && Snapshot is not null
        && Collections?.All(static name => name is not null) == true
        && InterimSnapshots?.All(static name => name is not null) == true
        && Views?.All(static view => view is { Name: not null, Definition: not null }) == true;

    /// <summary>Both are about the whole database or about the same collections.</summary>
    internal bool HasScopeOf(RestoreJournalEntry other) => Collections.ToHashSet(StringComparer.Ordinal).SetEquals(other.Collections);

    /// <summary>Once this one has ended, nothing that the other one left behind is there any more.</summary>
    internal bool MakesGood(RestoreJournalEntry other) =>
        Database == other.Database && Server == other.Server
        && (Collections.Count == 0 || (other.Collections.Count > 0 && other.Collections.All(name => Collections.Contains(name, StringComparer.Ordinal))));
}

/// <summary>A view that comes back at the end of a restore.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Definition">Its definition, the server's own JSON.</param>
public sealed record RestoreJournalView(string Name, string Definition);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(RestoreJournalEntry))]
internal sealed partial class RestoreJournalJson : JsonSerializerContext;
