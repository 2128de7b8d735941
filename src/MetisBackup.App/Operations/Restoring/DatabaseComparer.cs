using System.Collections.Concurrent;
using MetisBackup.Core.Planning;

namespace MetisBackup.App.Operations.Restoring;

/// <summary>Counts how a database differs from a snapshot, as far as the planner has to know.</summary>
internal sealed class DatabaseComparer(RestoreGoal goal, SnapshotContents snapshot, ILiveDatabase live)
{
    private readonly Dictionary<string, CollectionFacts> _facts = snapshot.Facts.Collections.ToDictionary(static one => one.Name, StringComparer.Ordinal);
    private readonly IReadOnlySet<string> _changedAnalyzers = ChangedAnalyzers.Find(goal, snapshot.Facts, live.Contents.Facts);
    private const int CollectionsAtOnce = 4;
    private readonly ConcurrentDictionary<string, DifferencePart> _ready = new(StringComparer.Ordinal);
    private long _kept;

    /// <summary>Differences of collections that are known as a whole by now.</summary>
    public IReadOnlyDictionary<string, DifferencePart> Ready => _ready;

    /// <summary>Compares everything that the goal asks for.</summary>
    public async Task<DatabaseComparison> RunAsync(CancellationToken cancellationToken)
    {
        if (goal.Full)
        {
            return DatabaseComparison.None;
        }

        var renamed = goal.Only.Count > 0 ? [] : RenamedCollections.Find(snapshot.Facts, live.Contents.Facts).ToDictionary(StringComparer.Ordinal);
        var found = new ConcurrentDictionary<string, CollectionDifference>(StringComparer.Ordinal);
        await Parallel.ForEachAsync(
            RestorePlanner.Wanted(goal, snapshot.Facts).OrderByDescending(static one => one.Documents),
            new ParallelOptions { MaxDegreeOfParallelism = CollectionsAtOnce, CancellationToken = cancellationToken },
            async (wanted, token) =>
            {
                var name = renamed.GetValueOrDefault(wanted.Name, wanted.Name);
                if (live.Contents.Collections.TryGetValue(name, out var there))
                {
                    found[wanted.Name] = await CompareAsync(snapshot.Collections[wanted.Name], there, token);
                }
            });
        return new DatabaseComparison
        {
            Collections = found,
            EqualViews = snapshot.Views.Values
                .Where(view => !StructureComparison.Compare(view, live.Contents.Views.GetValueOrDefault(view.Name)).Any())
                .Select(static view => view.Name)
                .ToHashSet(StringComparer.Ordinal),
        };
    }

    private async Task<CollectionDifference> CompareAsync(StoredCollection stored, LiveCollection there, CancellationToken cancellationToken)
    {
        var stale = _facts[stored.Record.Name].SearchIndexes
            .Where(index => index.Analyzers.Any(_changedAnalyzers.Contains))
            .Select(static index => index.Name)
            .ToList();
        var structure = StructureDelta.Between(stored.Entry, there.Entry, stale);
        var difference = new CollectionDifference
        {
            Name = stored.Record.Name,
            LiveName = there.Entry.Name,
            Structure = [.. structure.Clauses],
            StaleIndexes = stale,
            IndexesChange = structure.ToDrop.Concat(structure.ToMake).Any(static index => index.Type == "inverted"),
        };
        var obstacle = structure.Obstacle ?? ObstacleOf(stored, there);
        return obstacle is not null
            ? difference with { Obstacle = obstacle }
            : difference with { Revisions = there.Root == stored.Record.Summary() ? RevisionCounts.None : await CountAsync(stored, there, cancellationToken) };
    }

    /// <summary>Why the documents of a collection cannot be changed one by one; null when they can.</summary>
    private string? ObstacleOf(StoredCollection stored, LiveCollection there)
    {
        if (there.Root is not { } root)
        {
            return "the server keeps no sound revision tree of it";
        }

        if (stored.Record.Tree is null && root != stored.Record.Summary() && !IsDumpWithRevisions(stored))
        {
            return "the snapshot has no revision tree of it";
        }

        if (stored.Record.Unproven is not null)
        {
            return "the snapshot could not be shown to hold all of it";
        }

        return root == stored.Record.Summary() ? null : stored.Record.Name switch
        {
            SystemCollections.Analyzers => "the server takes notice of analyzers only when all are loaded",
            SystemCollections.Users => "the server writes accounts itself",
            _ => null,
        };
    }

    /// <summary>
    /// Nothing proves that a dump is complete, but where each of its documents has a revision those can be compared. The result is proven
    /// against the server in any case.
    /// </summary>
    private bool IsDumpWithRevisions(StoredCollection stored) =>
        snapshot.Reader.Manifest.LeavesUnlistedSystemCollections
        && snapshot.Reader.ReadRevisionBlocks(stored.Record).FirstOrDefault() is { Count: > 0 } first && first.Revisions[0] > 0;

    /// <summary>
    /// Small differences are kept, so that nobody has to look for them again. Of large ones, those are counted first: keys are dearer.
    /// </summary>
    private async Task<RevisionCounts> CountAsync(StoredCollection stored, LiveCollection there, CancellationToken cancellationToken)
    {
        bool IsFullCheaper(RevisionCounts counts) => RestoreDecision.IsFullCheaper(counts, stored.Record.Documents);
        if (live.HasKeys)
        {
            var all = new DifferencePart(0, 1, counts => counts.Live + counts.Stored > DifferencePart.MostInMemory || IsFullCheaper(counts));
            await live.CompareAsync(stored.Record, there.Entry.Name, all, cancellationToken);
            if (!all.HasEnough || IsFullCheaper(all.Counts))
            {
                Keep(stored.Record.Name, all);
                return all.Counts;
            }
        }

        var count = new DifferenceCount(IsFullCheaper);
        await live.CompareAsync(stored.Record, there.Entry.Name, count, cancellationToken);
        if (count.HasEnough)
        {
            return count.Counts;
        }

        var replaced = 0L;
        var parts = DifferencePart.PartsFor(count.Counts);
        for (var part = 0; part < parts; part++)
        {
            var some = new DifferencePart(part, parts);
            await live.CompareAsync(stored.Record, there.Entry.Name, some, cancellationToken);
            replaced += some.Replaced;
            if (parts == 1)
            {
                Keep(stored.Record.Name, some);
            }
        }

        return count.Counts with { Replaced = replaced };
    }

    private void Keep(string collection, DifferencePart all)
    {
        if (Interlocked.Add(ref _kept, all.Counts.Live + all.Counts.Stored) <= 2 * DifferencePart.MostInMemory)
        {
            _ready[collection] = all;
        }
    }
}
