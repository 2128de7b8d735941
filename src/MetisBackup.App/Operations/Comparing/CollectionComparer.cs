using System.Text;
using MetisBackup.App.Operations.Restoring;
using MetisBackup.Arango.Dump;
using MetisBackup.Core.Comparing;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;
using MetisBackup.Core.Snapshots;
using MetisBackup.Storage.Sorting;
using MetisBackup.Storage.Store;

namespace MetisBackup.App.Operations.Comparing;

/// <summary>Compares collections one after the other; memory follows neither the collections nor what changed in them.</summary>
internal sealed class CollectionComparer(CompareSnapshotsRequest request, SnapshotReader earlier, IComparedSide after, IOperationProgress progress)
{
    /// <summary>Compares a collection that at least one of the states has.</summary>
    /// <param name="name">Its name in the later state, or in the only one that has it.</param>
    /// <param name="before">It in the earlier state, where its name may have been another one; null when that lacks it.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<CollectionComparison> CompareAsync(string name, StoredCollection? before, CancellationToken cancellationToken)
    {
        var later = after.Collections.GetValueOrDefault(name);
        if (before is null || later is null)
        {
            return await DescribeAsync(name, before, later, cancellationToken);
        }

        var former = before.Record.Name;
        before = before with { Record = before.Record with { Name = name } };
        using var records = new KeyedRecords(KeyedRecords.UsualMemory);
        var needsKeys = request.Keys || request.Documents || request.OnKey is not null || request.Key is not null;
        var byRevision = before.Record.Tree is not null && !request.ByContent
            ? await after.CompareAsync(earlier, before.Record, records, needsKeys, cancellationToken)
            : null;
        var count = byRevision?.DocumentsAfter ?? await ReadContentsAsync(before.Record, records, cancellationToken);
        var method = byRevision is null ? ComparisonMethod.Content : ComparisonMethod.Revision;
        var differences = new Differences(request, name);
        foreach (var pair in records.Pairs())
        {
            cancellationToken.ThrowIfCancellationRequested();
            differences.Note(pair, method);
        }

        return new CollectionComparison
        {
            Name = name,
            RenamedFrom = former == name ? null : former,
            IsEdge = later.IsEdge,
            Method = method,
            DocumentsBefore = before.Record.Documents,
            DocumentsAfter = count,
            Added = differences.Added + (byRevision?.AddedWithoutKey ?? 0),
            Changed = differences.Changed,
            Removed = differences.Removed,
            Definitions = [.. DefinitionChanges.OfCollection(before.Entry, later)],
            Keys = request.Keys ? differences.Keys : [],
            MoreKeys = request.Keys ? differences.Added + differences.Changed + differences.Removed - differences.Keys.Count : 0,
            Documents = await ShowAsync(before.Record, differences.Samples, method, cancellationToken),
        };
    }

    private async Task<CollectionComparison> DescribeAsync(string name, StoredCollection? before, CollectionEntry? later, CancellationToken cancellationToken)
    {
        if (request.Key is not null)
        {
            throw new MetisException(
                ErrorCode.NotFound, $"Collection {QuotedName.Of(name)} is in one of the two states only, so none of its documents can be compared.", "leave out --key");
        }

        var documents = before?.Record.Documents ?? await after.CountAsync(name, cancellationToken);
        return new CollectionComparison
        {
            Name = name,
            IsEdge = (before?.Entry ?? later!).IsEdge,
            Existence = before is null ? ChangeKind.Added : ChangeKind.Removed,
            DocumentsBefore = before is null ? 0 : documents,
            DocumentsAfter = before is null ? documents : 0,
            Added = before is null ? documents : 0,
            Removed = before is null ? 0 : documents,
        };
    }

    private async Task<long> ReadContentsAsync(CollectionRecord before, KeyedRecords records, CancellationToken cancellationToken)
    {
        await StoredDocuments.ReadContentAsync(earlier, before, (records, IsAfter: false), progress, cancellationToken);
        return await after.ReadContentAsync(before.Name, records, progress, cancellationToken);
    }

    /// <summary>One document after the other, because each may be large.</summary>
    private async Task<IReadOnlyList<DocumentChange>> ShowAsync(
        CollectionRecord before, IReadOnlyList<Sample> samples, ComparisonMethod method, CancellationToken cancellationToken)
    {
        if (request.Key is { } key && samples.Count == 0)
        {
            return StoredDocuments.Find(earlier, before, key, cancellationToken) is null
                ? throw new MetisException(ErrorCode.NotFound, $"Neither state has a document {QuotedName.Of(key)} in collection {QuotedName.Of(before.Name)}.", "--keys names the documents that differ")
                : [new DocumentChange(Kind: null, key, new FieldChanges([], 0))];
        }

        var shown = new List<DocumentChange>();
        foreach (var sample in samples)
        {
            var isContent = method == ComparisonMethod.Content;
            var old = sample.Before is null ? null : await StoredDocuments.FetchAsync(earlier, before, sample.Key, isContent ? null : sample.Before, cancellationToken);
            var now = sample.After is null ? null : await after.FetchAsync(before.Name, sample.Key, isContent ? null : sample.After, cancellationToken);
            shown.Add(new DocumentChange(
                sample.Kind, sample.Key, DocumentComparison.Compare(old ?? "{}"u8.ToArray(), now ?? "{}"u8.ToArray(), static name => name is "_rev" or "_id" or "_key")));
        }

        return shown;
    }

    private sealed record Sample(ChangeKind Kind, string Key, KeyedValue? Before, KeyedValue? After);

    /// <summary>Counts everything and keeps the first few.</summary>
    private sealed class Differences(CompareSnapshotsRequest request, string collection)
    {
        public long Added { get; private set; }

        public long Changed { get; private set; }

        public long Removed { get; private set; }

        public List<KeyChange> Keys { get; } = [];

        public List<Sample> Samples { get; } = [];

        public void Note(KeyPair pair, ComparisonMethod method)
        {
            if (method == ComparisonMethod.Content && pair.Before is { } old && pair.After is { } now && old.Value == now.Value)
            {
                return;
            }

            var kind = Count(pair);
            if (!request.Keys && !request.Documents && request.OnKey is null && request.Key is null)
            {
                return;
            }

            var change = new KeyChange(kind, Encoding.UTF8.GetString(pair.Key));
            if (request.Key is { } wanted && wanted != change.Key)
            {
                return;
            }

            request.OnKey?.Invoke(collection, change);
            if (request.Keys && Keys.Count < request.Limit)
            {
                Keys.Add(change);
            }

            if ((request.Documents || request.Key is not null) && Samples.Count < Math.Max(request.Limit, 1))
            {
                Samples.Add(new Sample(kind, change.Key, pair.Before, pair.After));
            }
        }

        private ChangeKind Count(KeyPair pair)
        {
            switch (pair.Before, pair.After)
            {
                case (null, _):
                    Added++;
                    return ChangeKind.Added;
                case (_, null):
                    Removed++;
                    return ChangeKind.Removed;
                default:
                    Changed++;
                    return ChangeKind.Changed;
            }
        }
    }
}
