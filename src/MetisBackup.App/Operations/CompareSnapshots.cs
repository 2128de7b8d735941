using MetisBackup.App.Operations.Capturing;
using MetisBackup.App.Operations.Comparing;
using MetisBackup.App.Operations.Inspecting;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;
using MetisBackup.Core.Planning;
using MetisBackup.Storage.Store;

namespace MetisBackup.App.Operations;

/// <summary>What <see cref="CompareSnapshots"/> needs.</summary>
internal sealed record CompareSnapshotsRequest
{
    /// <summary>Root directory of the snapshot store.</summary>
    public required string StorePath { get; init; }

    /// <summary>The earlier state: full name, unique prefix, <c>latest</c> or <c>latest:DB</c>.</summary>
    public required string Before { get; init; }

    /// <summary>The later state, named likewise; null for the live database.</summary>
    public string? After { get; init; }

    /// <summary>Asked for the server when the later state is live.</summary>
    public required Func<ServerSettings> Server { get; init; }

    /// <summary>The live database; null for the one the snapshot was taken of.</summary>
    public string? Database { get; init; }

    /// <summary>Only these collections, and nothing of views, graphs, analyzers and functions; empty for everything.</summary>
    public IReadOnlyList<string> Collections { get; init; } = [];

    /// <summary>Documents count as changed when their content differs, and not already when they were written.</summary>
    public bool ByContent { get; init; }

    /// <summary>Name the keys of documents that differ.</summary>
    public bool Keys { get; init; }

    /// <summary>Show the fields of documents that differ.</summary>
    public bool Documents { get; init; }

    /// <summary>Only this document of the only collection.</summary>
    public string? Key { get; init; }

    /// <summary>Most keys and most documents of one collection that become part of the result.</summary>
    public int Limit { get; init; } = 10;

    /// <summary>Told of every key that differs as soon as it is known, ascending within a collection; null for nobody.</summary>
    public Action<string, KeyChange>? OnKey { get; init; }
}

/// <summary>One of the two states.</summary>
/// <param name="Database">The database.</param>
/// <param name="Snapshot">Full name of the snapshot; null for the live database.</param>
/// <param name="Timestamp">When the snapshot was taken (UTC); null for the live database.</param>
internal sealed record ComparedState(string Database, string? Snapshot, DateTimeOffset? Timestamp);

/// <summary>What changed.</summary>
internal sealed record CompareSnapshotsResult
{
    /// <summary>The earlier state.</summary>
    public required ComparedState Before { get; init; }

    /// <summary>The later state.</summary>
    public required ComparedState After { get; init; }

    /// <summary>Every collection of either state, ordered by name.</summary>
    public required IReadOnlyList<CollectionComparison> Collections { get; init; }

    /// <summary>Views, graphs, analyzers and functions that differ, ordered by kind and name.</summary>
    public required IReadOnlyList<ObjectChange> Objects { get; init; }

    /// <summary>The files beside the database; null when there are none, or only some collections were asked for.</summary>
    public required ComparedFiles? Files { get; init; }

    /// <summary>Wall-clock time of the run.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Nothing that was compared differs.</summary>
    public bool Equal => Objects.Count == 0 && Files?.Difference is null or { Total: 0 } && Collections.All(static one => one.IsEqual);
}

/// <summary>Compares a snapshot with another one, or with the live database. Changes nothing. Two snapshots need no server.</summary>
internal sealed class CompareSnapshots(TimeProvider clock, IOperationProgress progress)
{
    private readonly TimeProvider _clock = clock;
    private readonly IOperationProgress _progress = progress;

    /// <summary>Runs the operation.</summary>
    /// <exception cref="MetisException">2 ambiguous name, 10 no such snapshot, database, collection or key, 12 rights, 13 damaged, 14 hidden collections, 16 server.</exception>
    public async Task<CompareSnapshotsResult> RunAsync(CompareSnapshotsRequest request, CancellationToken cancellationToken)
    {
        var started = _clock.GetTimestamp();
        _progress.BeginPhase(OperationPhase.Preparing, WorkTotal.Unknown);
        var store = SnapshotStore.Open(request.StorePath, _clock, createIfMissing: false);
        await using var opened = await OpenedSnapshot.OpenAsync(store, store.Find(request.Before), request.Database, _progress, cancellationToken);
        var reader = opened.Reader;
        using var client = request.After is null ? ServerClients.Open(request.Server(), _clock) : null;
        await using IComparedSide after = client is null
            ? await StoredSide.OpenAsync(await OpenedSnapshot.OpenAsync(store, store.Find(request.After!), reader.Manifest.Database, _progress, cancellationToken), cancellationToken)
            : await LiveSide.OpenAsync(client, ServerNames.RequireDatabase(request.Database ?? reader.Manifest.Database), cancellationToken);
        var before = await Restoring.SnapshotContents.ReadAsync(reader, after.State.Database, cancellationToken);
        var renamed = RenamedCollections.Find(before.Facts, FactsOf(after));
        var former = renamed.ToDictionary(static pair => pair.Value, static pair => pair.Key, StringComparer.Ordinal);
        var names = Chosen(request, renamed, before.Collections.Keys.Union(after.Collections.Keys, StringComparer.Ordinal).Where(name => !before.Facts.IsUnknown(name) && !after.IsUnknown(name)));

        var collections = new List<CollectionComparison>();
        _progress.BeginPhase(OperationPhase.Comparing, WorkTotal.Unknown);
        var comparer = new CollectionComparer(request, reader, after, _progress);
        foreach (var name in names.Order(StringComparer.Ordinal))
        {
            collections.Add(await comparer.CompareAsync(name, before.Collections.GetValueOrDefault(former.GetValueOrDefault(name, name)), cancellationToken));
        }

        await after.ConfirmAsync(cancellationToken);
        return new CompareSnapshotsResult
        {
            Before = StoredSide.StateOf(reader),
            After = after.State,
            Collections = collections,
            Objects = request.Collections.Count > 0 ? [] : [.. DefinitionChanges.OfObjects(before, after)],
            Files = request.Collections.Count > 0 ? null : await Task.Run(() => ComparedFiles.Of(reader, (after as StoredSide)?.Reader, request.Limit, cancellationToken), cancellationToken),
            Duration = _clock.GetElapsedTime(started),
        };
    }

    private static DatabaseContents FactsOf(IComparedSide side) => DatabaseContents.Empty with
    {
        Collections = [.. side.Collections.Values.Select(static one => new CollectionFacts(one.Name, one.IsEdge, Documents: 0, one.GloballyUniqueId))],
    };

    /// <summary>The names to compare; a renamed collection goes by its later name and is found by both.</summary>
    private static IEnumerable<string> Chosen(CompareSnapshotsRequest request, IReadOnlyDictionary<string, string> renamed, IEnumerable<string> all)
    {
        if (request.Collections.Count == 0)
        {
            return all.Where(name => !renamed.ContainsKey(name));
        }

        var known = all.ToHashSet(StringComparer.Ordinal);
        return request.Collections.FirstOrDefault(name => !known.Contains(name)) is { } unknown
            ? throw new MetisException(
                ErrorCode.NotFound,
                $"Neither state has a collection {QuotedName.Of(unknown)}.",
                $"they have {string.Join(", ", known.Where(static name => name[0] != '_').Order(StringComparer.Ordinal).Take(20))}")
            : request.Collections.Select(name => renamed.GetValueOrDefault(name, name)).Distinct(StringComparer.Ordinal);
    }
}
