using MetisBackup.App.Operations.DisasterRecovery;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;
using MetisBackup.Core.Retention;
using MetisBackup.Storage.Zfs;

namespace MetisBackup.App.Operations;

/// <summary>What <see cref="CreateDrSnapshot"/> needs.</summary>
internal sealed record CreateDrSnapshotRequest
{
    /// <summary>Where to work.</summary>
    public required DrSettings Settings { get; init; }

    /// <summary>The server whose data it is.</summary>
    public required ServerSettings Server { get; init; }

    /// <summary>Label, with or without <c>dr_</c>.</summary>
    public required string Label { get; init; }

    /// <summary>Where the server's data lies.</summary>
    public required CoverageRequest Coverage { get; init; }

    /// <summary>The rules by which old snapshots are removed afterwards; null when none is.</summary>
    public RetentionPolicy? Prune { get; init; }

    /// <summary>The rules for the states before rollbacks.</summary>
    public RetentionPolicy Safety { get; init; } = RetentionPolicy.Safety;
}

/// <summary>What was taken.</summary>
internal sealed record CreateDrSnapshotResult
{
    /// <summary><c>dataset@name</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Its label.</summary>
    public required string Label { get; init; }

    /// <summary>ZFS's guid.</summary>
    public required ulong Identity { get; init; }

    /// <summary>When it was taken.</summary>
    public required DateTimeOffset TakenAt { get; init; }

    /// <summary>Data sets in it, those below included.</summary>
    public required int Datasets { get; init; }

    /// <summary>It is held: it cannot be destroyed by accident.</summary>
    public required bool Held { get; init; }

    /// <summary>The server flushed its log right before.</summary>
    public required bool Flushed { get; init; }

    /// <summary>What the server held; null when it is not known.</summary>
    public required RecordedContent? Content { get; init; }

    /// <summary>What was removed afterwards; null when that was not wanted, or could not be done.</summary>
    public PruneDrSnapshotsResult? Pruned { get; init; }

    /// <summary>Wall-clock time of the run.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Something beside the snapshot was not done; the warnings say what.</summary>
    public required bool Incomplete { get; init; }

    /// <summary>Things worth knowing that did not stop the run.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}

/// <summary>
/// Takes a snapshot of the whole server: one atomic snapshot of its data set and all below, after the server has made durable what it
/// acknowledged.
/// </summary>
internal sealed class CreateDrSnapshot(TimeProvider clock, IOperationProgress progress)
{
    private const int Attempts = 20;
    private readonly TimeProvider _clock = clock;
    private readonly IOperationProgress _progress = progress;

    /// <summary>Runs the operation.</summary>
    /// <exception cref="MetisException">2 label, 10 no such data set, 11 another run, 12 rights, 14 coverage, 16 ZFS, 17 no space.</exception>
    public async Task<CreateDrSnapshotResult> RunAsync(CreateDrSnapshotRequest request, CancellationToken cancellationToken)
    {
        var started = _clock.GetTimestamp();
        var label = DrSnapshotName.RequireLabel(request.Label);
        var result = await TakeAsync(request, label, cancellationToken);
        if (request.Prune is { } policy)
        {
            result = await PruneAsync(result, new PruneDrSnapshotsRequest { Settings = request.Settings, Policy = policy, Safety = request.Safety }, cancellationToken);
        }

        return result with { Duration = _clock.GetElapsedTime(started) };
    }

    /// <summary>The snapshot is there: whatever happens now makes the run incomplete, and takes nothing away from it.</summary>
    private async Task<CreateDrSnapshotResult> PruneAsync(CreateDrSnapshotResult taken, PruneDrSnapshotsRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var pruned = await new PruneDrSnapshots(_clock).RunAsync(request, cancellationToken);
            return taken with { Pruned = pruned, Incomplete = taken.Incomplete || pruned.Incomplete, Warnings = [.. taken.Warnings, .. pruned.Warnings, .. pruned.Obstacles] };
        }
        catch (MetisException failure)
        {
            return taken with { Incomplete = true, Warnings = [.. taken.Warnings, $"The snapshot was taken, but old ones were not removed: {failure.Message}"] };
        }
    }

    private async Task<CreateDrSnapshotResult> TakeAsync(CreateDrSnapshotRequest request, string label, CancellationToken cancellationToken)
    {
        var tools = new DrTools(request.Settings, _clock);
        using var held = tools.Lock();
        RollbackJournal.RequireNone(request.Settings.StatePath, request.Settings.Dataset);
        try
        {
            return await TakeAsync(request, label, tools, cancellationToken);
        }
        catch (MetisException failure)
        {
            tools.Record($"create {request.Settings.Dataset} label={label} FAILED {(int)failure.Code} {failure.Message}", []);
            throw;
        }
    }

    private async Task<CreateDrSnapshotResult> TakeAsync(CreateDrSnapshotRequest request, string label, DrTools tools, CancellationToken cancellationToken)
    {
        _progress.BeginPhase(OperationPhase.Preparing, WorkTotal.Unknown);
        var dataset = request.Settings.Dataset;
        var tree = await tools.Reader.ListTreeAsync(dataset, cancellationToken);
        var warnings = (await tools.Reader.PoolAsync(dataset.Pool, cancellationToken)).Worries().ToList();
        using var witness = new ServerWitness(request.Server, _clock, warnings);
        await witness.MeetAsync(cancellationToken);
        warnings.AddRange(DataCoverage.Require(request.Coverage, witness.Paths, tree, MountTable.Read()));
        await witness.PrepareAsync(cancellationToken);

        var taken = await new DrSnapshotTaking(tools).TakeAsync(label, tree.Count > 1, Attempts, cancellationToken);

        // from here on there is a snapshot: nothing below may fail the run
        var troubles = warnings.Count;
        var isHeld = label == DrSnapshotName.GoldenImage && await TryAsync(
            "The snapshot is not held", () => tools.Writer.HoldAsync(taken.FullName, OwnProperties.HoldTag, tree.Count > 1, CancellationToken.None), warnings);
        var content = await witness.ConcludeAsync(CancellationToken.None);
        if (content is not null)
        {
            await TryAsync("What the server holds was not recorded", () => tools.Writer.SetAsync(taken.FullName, OwnProperties.Content, content.ToProperty(), CancellationToken.None), warnings);
        }

        tools.Record($"create {taken.FullName} guid={taken.Identity} flushed={(witness.Flushed ? "yes" : "no")}", warnings);
        return new CreateDrSnapshotResult
        {
            Name = taken.FullName,
            Label = label,
            Identity = taken.Identity,
            TakenAt = taken.TakenAt,
            Datasets = tree.Count,
            Held = isHeld,
            Flushed = witness.Flushed,
            Content = content,
            Duration = TimeSpan.Zero,
            Incomplete = warnings.Count > troubles,
            Warnings = warnings,
        };
    }

    private static async Task<bool> TryAsync(string otherwise, Func<Task> action, List<string> warnings)
    {
        try
        {
            await action();
            return true;
        }
        catch (MetisException failure)
        {
            warnings.Add($"{otherwise}: {failure.Message}");
            return false;
        }
    }
}
