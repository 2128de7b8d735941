using MetisBackup.Arango.Client;
using MetisBackup.Arango.Dump;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Planning;
using MetisBackup.Core.Revisions;

namespace MetisBackup.App.Operations.Restoring;

/// <summary>Shows that a database is what a snapshot says, by asking the server afresh.</summary>
internal sealed class RestoreProof(ArangoClient client, RestorePlan plan, SnapshotContents snapshot, LiveContents before)
{
    /// <summary>Compares every restored collection, every definition and, unless only some were restored, that nothing else is there.</summary>
    /// <param name="newRevisions">Collections whose documents have other revisions than in the snapshot.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <exception cref="MetisException">13 naming the differences.</exception>
    public async Task<IReadOnlyList<CollectionProof>> RunAsync(IReadOnlySet<string> newRevisions, CancellationToken cancellationToken)
    {
        await using var batch = await ReplicationBatch.OpenAsync(client, plan.Database, cancellationToken);
        var inventory = await new SnapshotReading(batch).ReadInventoryAsync(cancellationToken);
        var found = inventory.Collections.ToDictionary(static one => one.Name, StringComparer.Ordinal);
        var problems = new List<string>();
        var proofs = new List<CollectionProof>();
        foreach (var step in plan.Steps.Where(static step => step is { Kind: RestoreObject.Collection, Action: not RestoreAction.Drop }))
        {
            if (!found.TryGetValue(step.Name, out var entry))
            {
                problems.Add($"collection {step.Name} is missing");
            }
            else if (snapshot.Collections.TryGetValue(step.Name, out var stored))
            {
                problems.AddRange(StructureComparison.Compare(stored.Entry, entry));
                proofs.Add(await CompareDocumentsAsync(batch, stored, newRevisions.Contains(step.Name), problems, cancellationToken));
            }
        }

        problems.AddRange(CompareViews(inventory));
        problems.AddRange(plan.Partial ? [] : Unknown(inventory));
        await batch.ConfirmAliveAsync(cancellationToken);
        return problems.Count == 0 ? [.. proofs.OrderBy(static proof => proof.Name, StringComparer.Ordinal)] : throw Different(problems);
    }

    private async Task<CollectionProof> CompareDocumentsAsync(
        ReplicationBatch batch, StoredCollection stored, bool hasNewRevisions, List<string> problems, CancellationToken cancellationToken)
    {
        var reading = new SnapshotReading(batch);
        var wanted = stored.Record.Summary();
        var name = stored.Record.Name;
        var root = await reading.ReadTreeRootAsync(name, cancellationToken) ?? await reading.ReadRevisionSummaryAsync(name, cancellationToken);
        var count = root?.Count ?? (ulong)await new ServerInquiry(client, plan.Database).CountAsync(name, cancellationToken);
        if (root is { } live && live != wanted && !hasNewRevisions)
        {
            var (surplus, missing) = await CountAsync(batch, stored, cancellationToken);
            problems.Add($"collection {name} has {count} documents instead of {wanted.Count}, {surplus} that the snapshot lacks and {missing} missing, in these versions");
        }
        else if (name == SystemCollections.Users ? count < wanted.Count : count != wanted.Count)
        {
            problems.Add($"collection {name} has {count} documents instead of {wanted.Count}");
        }

        var hash = (root ?? wanted).Hash.ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
        return new CollectionProof(name, stored.Record.Type == 3, (long)count, hash, root is null || hasNewRevisions ? ProofKind.Count : ProofKind.RevisionTree);
    }

    private async Task<(long Surplus, long Missing)> CountAsync(ReplicationBatch batch, StoredCollection stored, CancellationToken cancellationToken)
    {
        var (surplus, missing) = (0L, 0L);
        await foreach (var stretch in RevisionMerge.CompareAsync(
            new RevisionLister(batch).ListAsync(stored.Record.Name, ServerDatabase.Everything, cancellationToken),
            snapshot.Reader.ReadRevisionBlocks(stored.Record),
            cancellationToken))
        {
            surplus += stretch.OnlyLeft.Length;
            missing += stretch.OnlyRight.Length;
        }

        return (surplus, missing);
    }

    private IEnumerable<string> CompareViews(Inventory inventory)
    {
        var found = inventory.Views.ToDictionary(static view => view.Name, StringComparer.Ordinal);
        var wanted = plan.Partial
            ? plan.Steps.Where(static step => step.Kind == RestoreObject.View).Select(step => before.Views[step.Name])
            : snapshot.Views.Values;
        return wanted.SelectMany(view => StructureComparison.Compare(view, found.GetValueOrDefault(view.Name)));
    }

    private IEnumerable<string> Unknown(Inventory inventory) => inventory.Collections
        .Where(one => !snapshot.Collections.ContainsKey(one.Name) && !snapshot.Facts.Leaves(one.Name) && !SystemCollections.HoldsDefinitions(one.Name))
        .Select(static one => $"collection {one.Name} is not part of the snapshot")
        .Concat(inventory.Views
            .Where(one => !snapshot.Views.ContainsKey(one.Name))
            .Select(static one => $"view {one.Name} is not part of the snapshot"));

    private MetisException Different(List<string> problems)
    {
        const int Shown = 5;
        var more = problems.Count > Shown ? $" and {problems.Count - Shown} more" : "";
        return new MetisException(
            ErrorCode.VerificationFailed,
            $"Database {plan.Database} is not equal to snapshot {plan.Snapshot} after the restore: {string.Join("; ", problems.Take(Shown))}{more}.",
            "stop whatever writes to the database, then run the same command again");
    }
}
