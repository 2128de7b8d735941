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
internal sealed class RestoreExecution(ArangoClient client, SnapshotContents snapshot, RestoreStart start, IOperationProgress progress)
{
    private readonly RestorePlan _plan = start.Plan;
    private const int CollectionsAtOnce = 4;
    private readonly ServerInquiry _inquiry = new(client, start.Plan.Database);
    private readonly StructureWriter _structure = new(client, start.Plan.Database);
    private readonly ConcurrentDictionary<string, bool> _newRevisions = new(StringComparer.Ordinal);
    private readonly List<string> _warnings = [];
    private long _documents;
    private long _bytes;

    /// <summary>Runs the plan.</summary>
    public async Task<RestoreOutcome> RunAsync(CancellationToken cancellationToken)
    {
        progress.BeginPhase(OperationPhase.Structure, WorkTotal.Unknown);
        var changing = Changing().ToList();
        var rule = await ChooseRevisionsAsync(changing, cancellationToken);
        using var pump = new DocumentPump(snapshot.Reader, new DocumentWriter(client, _plan.Database), progress);
        var delta = new DeltaWriter(client, _plan.Database, snapshot.Reader, start, pump);
        await DropViewsAsync(cancellationToken);
        foreach (var one in changing.Where(IsEarly))
        {
            // Graphs protect their collections: those that came later have to go before anything else can.
            await LoosenAsync(one.Step, cancellationToken);
            await UpdateAsync(one, rule, delta, cancellationToken);
        }

        await ClearAsync(cancellationToken);
        foreach (var (_, analyzers) in changing.Where(static one => one.Step.Name == SystemCollections.Analyzers))
        {
            // First by the call that makes the server forget what it knew of analyzers, then with the revisions of the snapshot.
            await pump.WriteAsync(analyzers.Record, keepRevisions: false, cancellationToken);
        }

        await MakeViewsAsync(alias: false, cancellationToken);

        progress.BeginPhase(OperationPhase.Writing, new WorkTotal(changing.Sum(static one => one.Step.Written), changing.TrueForAll(static one => !one.Step.Stays) ? RawBytes(changing) : null));
        await Parallel.ForEachAsync(
            changing.Where(static one => one.Step.Name != SystemCollections.Users && !IsEarly(one)).OrderByDescending(static one => one.Step.Written),
            new ParallelOptions { MaxDegreeOfParallelism = CollectionsAtOnce, CancellationToken = cancellationToken },
            async (one, token) => await (one.Step.Stays ? UpdateAsync(one, rule, delta, token) : FillAsync(one.Stored, rule, pump, token)));

        progress.BeginPhase(OperationPhase.Structure, WorkTotal.Unknown);
        await MakeViewsAsync(alias: true, cancellationToken);
        await FinishAsync(changing, pump, cancellationToken);
        if (_newRevisions.Keys.Where(static name => name != SystemCollections.Users).Order(StringComparer.Ordinal).ToList() is { Count: > 0 } names)
        {
            _warnings.Add($"The server made new revisions for documents of {string.Join(", ", names)}.");
        }

        return new RestoreOutcome(_documents, _bytes, _newRevisions.Keys.ToHashSet(StringComparer.Ordinal), _warnings);
    }

    private async Task<RevisionRule> ChooseRevisionsAsync(List<(RestoreStep Step, StoredCollection Stored)> changing, CancellationToken cancellationToken)
    {
        var isKept = changing.TrueForAll(static one => one.Step.Written == 0) || await new RevisionProbe(client, _plan.Database).IsKeptAsync(cancellationToken);
        return new RevisionRule(isKept, client.IsAuthenticated ? null : await _inquiry.ReadClockAsync(cancellationToken));
    }

    private IEnumerable<(RestoreStep Step, StoredCollection Stored)> Changing() => _plan.Steps
        .Where(step => step is { Kind: RestoreObject.Collection, Action: not (RestoreAction.Drop or RestoreAction.Keep) } && snapshot.Collections.ContainsKey(step.Name))
        .Select(step => (step, snapshot.Collections[step.Name]));

    private static bool IsEarly((RestoreStep Step, StoredCollection Stored) one) => one.Step.Stays && one.Step.Name[0] == '_';

    private async Task DropViewsAsync(CancellationToken cancellationToken)
    {
        var views = _plan.Steps.Where(static step => step is { Kind: RestoreObject.View, Action: RestoreAction.Drop or RestoreAction.Recreate });
        foreach (var step in views.OrderByDescending(step => start.Before.Views[step.Name].Type == "search-alias"))
        {
            await _structure.DropViewAsync(step.Name, cancellationToken);
        }
    }

    private async Task ClearAsync(CancellationToken cancellationToken)
    {
        if (snapshot.Facts.IsUnknown(SystemCollections.Graphs))
        {
            // Otherwise they have gone with the documents of their collection.
            foreach (var step in _plan.Steps.Where(static step => step is { Kind: RestoreObject.Graph, Action: RestoreAction.Drop }))
            {
                await _structure.DropGraphAsync(step.Name, cancellationToken);
            }
        }

        foreach (var step in _plan.Steps.Where(static step => step is { Kind: RestoreObject.Collection, Action: not RestoreAction.Keep }))
        {
            await (step.Action switch
            {
                RestoreAction.Drop => _structure.DropCollectionAsync(step.Name, cancellationToken),
                RestoreAction.Update => step.Name[0] == '_' ? Task.CompletedTask : LoosenAsync(step, cancellationToken),
                _ when step.Name == SystemCollections.Users => Task.CompletedTask,
                _ when snapshot.Collections.TryGetValue(step.Name, out var stored) => _structure.RecreateCollectionAsync(stored.Entry, cancellationToken),
                _ => _structure.TruncateAsync(step.Name, cancellationToken),
            });
        }
    }

    /// <summary>Its old name, and no index that could forbid what is to be written.</summary>
    private async Task LoosenAsync(RestoreStep step, CancellationToken cancellationToken)
    {
        if (step.RenamedFrom is { } name)
        {
            await _structure.RenameCollectionAsync(name, step.Name, cancellationToken);
        }

        foreach (var index in DeltaOf(step).ToDrop)
        {
            await _structure.DropIndexAsync(step.Name, index, cancellationToken);
        }
    }

    private StructureDelta DeltaOf(RestoreStep step) =>
        StructureDelta.Between(snapshot.Collections[step.Name].Entry, start.Before.Collections[step.RenamedFrom ?? step.Name].Entry, step.StaleIndexes);

    private async Task MakeViewsAsync(bool alias, CancellationToken cancellationToken)
    {
        foreach (var step in _plan.Steps.Where(static step => step is { Kind: RestoreObject.View, Action: RestoreAction.Create or RestoreAction.Recreate }))
        {
            // A partial restore leaves views as they are; they are only made again because a collection of theirs was, or an earlier attempt
            // removed them.
            var view = _plan.Partial ? start.Before.Views[step.Name] : snapshot.Views[step.Name];
            if (view.Type == "search-alias" == alias)
            {
                await _structure.RecreateViewAsync(view.Json, cancellationToken);
            }
        }
    }

    private async Task FillAsync(StoredCollection collection, RevisionRule rule, DocumentPump pump, CancellationToken cancellationToken)
    {
        var name = collection.Record.Name;
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
        Interlocked.Add(ref _documents, collection.Record.Documents);
        await _structure.CreateIndexesAsync(collection.Entry, vector: true, cancellationToken);
    }

    /// <summary>Documents before indexes: those that are there now may be what a missing unique index forbids.</summary>
    private async Task UpdateAsync((RestoreStep Step, StoredCollection Stored) one, RevisionRule rule, DeltaWriter delta, CancellationToken cancellationToken)
    {
        var outcome = await delta.RunAsync(one.Stored.Record, one.Step, rule, cancellationToken);
        Interlocked.Add(ref _bytes, outcome.Bytes);
        Interlocked.Add(ref _documents, outcome.Documents);
        if (!outcome.RevisionsKept)
        {
            _newRevisions[one.Step.Name] = true;
        }

        var structure = DeltaOf(one.Step);
        if (structure.Properties.Count > 0)
        {
            await _structure.ChangePropertiesAsync(one.Stored.Entry, structure.Properties, cancellationToken);
        }

        var missing = one.Stored.Entry with { Indexes = structure.ToMake };
        await _structure.CreateIndexesAsync(missing, vector: false, cancellationToken);
        await _structure.CreateIndexesAsync(missing, vector: true, cancellationToken);
    }

    private async Task FinishAsync(List<(RestoreStep Step, StoredCollection Stored)> changing, DocumentPump pump, CancellationToken cancellationToken)
    {
        if (changing.Exists(static one => one.Stored.Record is { Name: "_apps" or "_appbundles", Documents: > 0 })
            && !await _structure.HealFoxxAsync(cancellationToken))
        {
            _warnings.Add("Foxx services were restored as data, but the server did not install them.");
        }

        await _structure.FlushAsync(cancellationToken);
        if (changing.Find(static one => one.Step.Name == SystemCollections.Users) is { Stored: { } users })
        {
            await RestoreAccountsAsync(users, pump, cancellationToken);
        }
    }

    /// <summary>Last of all, because the account that does this may change too (arangodb-protocol 8.7, 9.4).</summary>
    private async Task RestoreAccountsAsync(StoredCollection users, DocumentPump pump, CancellationToken cancellationToken)
    {
        _bytes += await pump.WriteAsync(users.Record, keepRevisions: false, cancellationToken);
        _documents += users.Record.Documents;
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

    private static long RawBytes(IEnumerable<(RestoreStep Step, StoredCollection Stored)> changing) =>
        changing.Sum(static one => one.Stored.Record.Segments.Sum(static segment => segment.RawBytes));
}
