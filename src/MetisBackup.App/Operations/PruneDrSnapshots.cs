using MetisBackup.App.Operations.DisasterRecovery;
using MetisBackup.App.Operations.Retaining;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Retention;
using MetisBackup.Storage.Zfs;

namespace MetisBackup.App.Operations;

/// <summary>What <see cref="PruneDrSnapshots"/> needs.</summary>
internal sealed record PruneDrSnapshotsRequest
{
    /// <summary>Where to work.</summary>
    public required DrSettings Settings { get; init; }

    /// <summary>The rules for nightly snapshots.</summary>
    public required RetentionPolicy Policy { get; init; }

    /// <summary>The rules for the states before rollbacks.</summary>
    public RetentionPolicy Safety { get; init; } = RetentionPolicy.Safety;

    /// <summary>Return the plan, change nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary>Also tell which nightly snapshots will be there then; nothing is changed. Null for no look ahead.</summary>
    public RetentionHorizon? Horizon { get; init; }
}

/// <summary>What became of one snapshot or kept state.</summary>
/// <param name="Name">Full name.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Reason">Why.</param>
internal sealed record PrunedItem(string Name, PruneOutcome Outcome, string Reason);

/// <summary>What became of something.</summary>
internal enum PruneOutcome
{
    /// <summary>A rule keeps it.</summary>
    Kept,

    /// <summary>It is, or in a dry run would be, gone.</summary>
    Removed,

    /// <summary>No rule keeps it, but it cannot go: somebody holds or uses it.</summary>
    Skipped,

    /// <summary>ZFS did not remove it.</summary>
    Failed,
}

/// <summary>What was, or would be, removed.</summary>
internal sealed record PruneDrSnapshotsResult
{
    /// <summary>False after a dry run.</summary>
    public required bool Executed { get; init; }

    /// <summary>The rules in words.</summary>
    public required string Policy { get; init; }

    /// <summary>Newest first; kept states behind the snapshots.</summary>
    public required IReadOnlyList<PrunedItem> Items { get; init; }

    /// <summary>Things worth knowing.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>What will be; null when nobody asked.</summary>
    public RetentionForecast? Forecast { get; init; }

    /// <summary>Something that should go is still there.</summary>
    public bool Incomplete => Obstacles.Count > 0;

    /// <summary>What is, or in a dry run would be, gone.</summary>
    public IReadOnlyList<PrunedItem> Removed => [.. Items.Where(static one => one.Outcome == PruneOutcome.Removed)];

    /// <summary>What should go and is still there, one sentence each.</summary>
    public IReadOnlyList<string> Obstacles =>
        [.. Items.Where(static one => one.Outcome is PruneOutcome.Skipped or PruneOutcome.Failed).Select(static one => $"{one.Name} should go but cannot: {one.Reason}")];
}

/// <summary>Removes the snapshots that no rule keeps, by exact identity, and kept states whose time is over.</summary>
internal sealed class PruneDrSnapshots(TimeProvider clock)
{
    private readonly TimeProvider _clock = clock;

    /// <summary>Runs the operation.</summary>
    /// <exception cref="MetisException">2 policy, 10 no such data set, 11 another run, 12 rights, 15 an unfinished rollback, 16 ZFS.</exception>
    public async Task<PruneDrSnapshotsResult> RunAsync(PruneDrSnapshotsRequest request, CancellationToken cancellationToken)
    {
        var tools = new DrTools(request.Settings, _clock);
        using var held = tools.Lock();
        RollbackJournal.RequireNone(request.Settings.StatePath, request.Settings.Dataset);
        var now = _clock.GetUtcNow();
        var snapshots = await new DrCatalogue(tools.Reader).ListForRetentionAsync(request.Settings.Dataset, cancellationToken);
        var states = await KeptStates.ListAsync(tools.Reader, request.Settings.Dataset, cancellationToken);
        var plan = new PrunePlan(snapshots, states.Select(static one => one.Dataset.Value).ToHashSet(StringComparer.Ordinal));
        var warnings = new List<string>();
        var items = plan.Decide((request.Policy, request.Safety), now, warnings);
        var expiry = new KeptStateExpiry(tools.Reader, now);
        foreach (var state in states)
        {
            items.Add(await expiry.DecideAsync(state, cancellationToken));
        }

        var executes = !request.DryRun && request.Horizon is null;
        if (executes)
        {
            items = await RemoveAsync(tools, items, states, snapshots, cancellationToken);
            tools.Record($"prune {request.Settings.Dataset} {Sum(items)}", warnings);
        }

        return new PruneDrSnapshotsResult
        {
            Executed = executes,
            Policy = request.Policy.Sentence,
            Items = items,
            Warnings = warnings,
            Forecast = request.Horizon is { } horizon ? plan.Forecast(request.Policy, horizon.Of(new RetentionSubject(request.Settings.Dataset.Value, Address: null)), horizon.End) : null,
        };
    }

    private static async Task<List<PrunedItem>> RemoveAsync(
        DrTools tools, List<PrunedItem> items, IReadOnlyList<KeptState> states, IReadOnlyList<DrSnapshot> snapshots, CancellationToken cancellationToken)
    {
        var dataset = tools.Settings.Dataset;
        var removed = items.Where(static one => one.Outcome == PruneOutcome.Removed).Select(static one => one.Name).ToHashSet(StringComparer.Ordinal);
        var failures = new Dictionary<string, string>(StringComparer.Ordinal);

        // a kept state first: it may be a clone of a snapshot that goes the next time
        foreach (var state in states.Where(one => removed.Contains(one.Dataset.Value)).Reverse())
        {
            try
            {
                await new ScratchClones(tools).DestroyAsync(state.Dataset, state.Identity, cancellationToken);
            }
            catch (MetisException failure)
            {
                failures[state.Dataset.Value] = failure.Message;
            }
        }

        var doomed = snapshots.Where(one => removed.Contains(one.FullName)).ToList();
        await RequireIdentitiesAsync(tools, doomed, cancellationToken);
        var recursive = (await tools.Reader.ListTreeAsync(dataset, cancellationToken)).Count > 1;
        foreach (var (name, failure) in await tools.Writer.DestroySnapshotsAsync(dataset, [.. doomed.Select(static one => one.Zfs.Name)], recursive, cancellationToken))
        {
            failures[dataset.Snapshot(name)] = failure.Message;
        }

        return [.. items.Select(one => failures.TryGetValue(one.Name, out var why) ? one with { Outcome = PruneOutcome.Failed, Reason = why } : one)];
    }

    /// <summary>A name may have changed hands since the plan was made; the guid has not.</summary>
    private static async Task RequireIdentitiesAsync(DrTools tools, List<DrSnapshot> doomed, CancellationToken cancellationToken)
    {
        if (await tools.Reader.FindChangedAsync([.. doomed.Select(static one => one.Zfs)], cancellationToken) is { } changed)
        {
            throw new MetisException(ErrorCode.Refused, $"Snapshot {changed.FullName} is not the one any more that was planned to go.", "somebody else changes snapshots at the same time; run the same command again");
        }
    }

    private static string Sum(List<PrunedItem> items) => string.Join(' ', Enum.GetValues<PruneOutcome>().Select(outcome => $"{outcome.ToString().ToLowerInvariant()}={items.Count(one => one.Outcome == outcome)}"));
}
