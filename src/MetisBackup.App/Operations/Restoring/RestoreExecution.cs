using System.Collections.Concurrent;
using MetisBackup.App.Operations.Capturing;
using MetisBackup.Arango.Client;
using MetisBackup.Arango.Restore;
using MetisBackup.Core.Planning;

namespace MetisBackup.App.Operations.Restoring;

/// <summary>What an execution wrote.</summary>
/// <param name="Documents">Number of documents.</param>
/// <param name="Bytes">Their size as JSON Lines.</param>
/// <param name="NewRevisions">Collections whose documents could not keep their revisions.</param>
/// <param name="Warnings">What did not go as it should without spoiling the result.</param>
internal sealed record RestoreOutcome(long Documents, long Bytes, IReadOnlySet<string> NewRevisions, IReadOnlyList<string> Warnings);

/// <summary>Carries out a restore plan, step by step in its order (arangodb-protocol 8.7). Running it again ends in the same state.</summary>
internal sealed class RestoreExecution(ArangoClient client, RestorePlan plan, SnapshotContents snapshot, LiveContents live, IOperationProgress progress)
{
    private const int CollectionsAtOnce = 4;
    private readonly ServerInquiry _inquiry = new(client, plan.Database);
    private readonly StructureWriter _structure = new(client, plan.Database);
    private readonly DocumentWriter _documents = new(client, plan.Database);
    private readonly ConcurrentDictionary<string, bool> _newRevisions = new(StringComparer.Ordinal);
    private readonly List<string> _warnings = [];
    private long _bytes;

    /// <summary>Runs the plan.</summary>
    public async Task<RestoreOutcome> RunAsync(CancellationToken cancellationToken)
    {
        progress.BeginPhase(OperationPhase.Structure, WorkTotal.Unknown);
        var rule = await ChooseRevisionsAsync(cancellationToken);
        var wanted = Wanted().ToList();
        using var pump = new DocumentPump(snapshot.Reader, _documents, progress);
        await ClearAsync(cancellationToken);
        foreach (var analyzers in wanted.Where(static one => one.Record.Name == SystemCollections.Analyzers))
        {
            // First by the call that makes the server forget what it knew of analyzers, then with the revisions of the snapshot.
            await pump.WriteAsync(analyzers.Record, keepRevisions: false, cancellationToken);
        }

        await MakeViewsAsync(alias: false, cancellationToken);

        progress.BeginPhase(OperationPhase.Writing, new WorkTotal(wanted.Sum(static one => one.Record.Documents), RawBytes(wanted)));
        await Parallel.ForEachAsync(
            wanted.OrderByDescending(static one => one.Record.Documents),
            new ParallelOptions { MaxDegreeOfParallelism = CollectionsAtOnce, CancellationToken = cancellationToken },
            async (collection, token) => await FillAsync(collection, rule, pump, token));

        progress.BeginPhase(OperationPhase.Structure, WorkTotal.Unknown);
        await MakeViewsAsync(alias: true, cancellationToken);
        await FinishAsync(wanted, pump, cancellationToken);
        if (_newRevisions.Keys.Where(static name => name != SystemCollections.Users).Order(StringComparer.Ordinal).ToList() is { Count: > 0 } names)
        {
            _warnings.Add($"The server made new revisions for the documents of {string.Join(", ", names)}; the next snapshot sees them all as changed.");
        }

        return new RestoreOutcome(
            wanted.Sum(static one => one.Record.Documents), _bytes, _newRevisions.Keys.ToHashSet(StringComparer.Ordinal), _warnings);
    }

    private async Task<RevisionRule> ChooseRevisionsAsync(CancellationToken cancellationToken)
    {
        var isKept = await new RevisionProbe(client, plan.Database).IsKeptAsync(cancellationToken);
        return new RevisionRule(isKept, client.IsAuthenticated ? null : await _inquiry.ReadClockAsync(cancellationToken));
    }

    private IEnumerable<StoredCollection> Wanted() => plan.Steps
        .Where(static step => step is { Kind: RestoreObject.Collection, Action: not RestoreAction.Drop })
        .Select(step => snapshot.Collections.GetValueOrDefault(step.Name))
        .OfType<StoredCollection>();

    private async Task ClearAsync(CancellationToken cancellationToken)
    {
        var views = plan.Steps.Where(static step => step is { Kind: RestoreObject.View, Action: not RestoreAction.Create });
        foreach (var step in views.OrderByDescending(step => live.Views[step.Name].Type == "search-alias"))
        {
            await _structure.DropViewAsync(step.Name, cancellationToken);
        }

        foreach (var step in plan.Steps.Where(static step => step.Kind == RestoreObject.Collection))
        {
            await (step.Action switch
            {
                RestoreAction.Drop => _structure.DropCollectionAsync(step.Name, cancellationToken),
                _ when step.Name == SystemCollections.Users => Task.CompletedTask,
                _ when snapshot.Collections.TryGetValue(step.Name, out var stored) => _structure.RecreateCollectionAsync(stored.Entry, cancellationToken),
                _ => _structure.TruncateAsync(step.Name, cancellationToken),
            });
        }
    }

    private async Task MakeViewsAsync(bool alias, CancellationToken cancellationToken)
    {
        foreach (var step in plan.Steps.Where(static step => step is { Kind: RestoreObject.View, Action: not RestoreAction.Drop }))
        {
            // A partial restore leaves views as they are; they are only made again because a collection of theirs was.
            var view = plan.Partial ? live.Views[step.Name] : snapshot.Views[step.Name];
            if (view.Type == "search-alias" == alias)
            {
                await _structure.RecreateViewAsync(view.Json, cancellationToken);
            }
        }
    }

    private async Task FillAsync(StoredCollection collection, RevisionRule rule, DocumentPump pump, CancellationToken cancellationToken)
    {
        var name = collection.Record.Name;
        if (name == SystemCollections.Users)
        {
            return;
        }

        await _structure.CreateIndexesAsync(collection.Entry, vector: false, cancellationToken);
        var (keep, highest) = await rule.JudgeAsync(snapshot.Reader, collection.Record, cancellationToken);
        if (highest != default)
        {
            // Before the first document: from now on the server issues later revisions, to whoever writes at the same time too.
            await _inquiry.AdvanceClockAsync(highest.ToHlc(), cancellationToken);
        }

        if (!keep)
        {
            _newRevisions[name] = true;
        }

        Interlocked.Add(ref _bytes, await pump.WriteAsync(collection.Record, keep, cancellationToken));
        await _structure.CreateIndexesAsync(collection.Entry, vector: true, cancellationToken);
    }

    private async Task FinishAsync(List<StoredCollection> wanted, DocumentPump pump, CancellationToken cancellationToken)
    {
        if (wanted.Exists(static one => one.Record is { Name: "_apps" or "_appbundles", Documents: > 0 })
            && !await _structure.HealFoxxAsync(cancellationToken))
        {
            _warnings.Add("Foxx services were restored as data, but the server did not install them.");
        }

        await _structure.FlushAsync(cancellationToken);
        if (wanted.Find(static one => one.Record.Name == SystemCollections.Users) is { } users)
        {
            await RestoreAccountsAsync(users, pump, cancellationToken);
        }
    }

    /// <summary>Last of all, because the account that does this may change too (arangodb-protocol 8.7, 9.4).</summary>
    private async Task RestoreAccountsAsync(StoredCollection users, DocumentPump pump, CancellationToken cancellationToken)
    {
        _bytes += await pump.WriteAsync(users.Record, keepRevisions: false, cancellationToken);
        _newRevisions[SystemCollections.Users] = true;
        var names = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var block in snapshot.Reader.ReadDocumentsAsync(users.Record, cancellationToken))
        {
            using (block)
            {
                names.UnionWith(DefinitionDocuments.ReadTexts(block.Lines, "user"));
            }
        }

        if (await new AccountWriter(client).RemoveOthersAsync(names, cancellationToken))
        {
            _warnings.Add("The snapshot does not know the account that restored it or root; such an account was left as it is.");
        }
    }

    private static long RawBytes(IEnumerable<StoredCollection> collections) =>
        collections.Sum(static one => one.Record.Segments.Sum(static segment => segment.RawBytes));
}
