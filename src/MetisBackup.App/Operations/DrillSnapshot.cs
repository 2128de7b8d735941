using MetisBackup.App.Operations.DisasterRecovery;
using MetisBackup.Core.Errors;
using MetisBackup.Storage.Zfs;

namespace MetisBackup.App.Operations;

/// <summary>What <see cref="DrillSnapshot"/> needs.</summary>
internal sealed record DrillSnapshotRequest
{
    /// <summary>Where to work.</summary>
    public required DrSettings Settings { get; init; }

    /// <summary>Full name, the part behind the <c>@</c>, a unique prefix of it, or <c>latest</c>.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// The server's program and its arguments. <c>{data}</c> becomes the database directory on the clone, <c>{endpoint}</c>
    /// <c>http://127.0.0.1:PORT</c>, <c>{address}</c> <c>127.0.0.1:PORT</c>.
    /// </summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Configuration of the live server, whose files the drill must leave alone; may be missing.</summary>
    public required string ServerConfiguration { get; init; }

    /// <summary>Where the database directory lies on the data set; empty for its top.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Account on the server; the endpoint is not used.</summary>
    public required ServerSettings Server { get; init; }

    /// <summary>How long the server may take until it answers.</summary>
    public required TimeSpan Patience { get; init; }
}

/// <summary>What a drill found.</summary>
internal sealed record DrillSnapshotResult
{
    /// <summary>Full name of the snapshot.</summary>
    public required string Name { get; init; }

    /// <summary>The server started on it and held what was recorded.</summary>
    public required bool Passed { get; init; }

    /// <summary>From the clone to the server's first answer.</summary>
    public required TimeSpan TimeToReady { get; init; }

    /// <summary>Databases found.</summary>
    public required int Databases { get; init; }

    /// <summary>Collections of users found.</summary>
    public required int Collections { get; init; }

    /// <summary>Documents found in them.</summary>
    public required long Documents { get; init; }

    /// <summary>Whether there was something to compare with.</summary>
    public required bool Compared { get; init; }

    /// <summary>What is wrong, one sentence each; empty when it passed.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>Things worth knowing.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Wall-clock time of the run.</summary>
    public required TimeSpan Duration { get; init; }
}

/// <summary>Proves that a snapshot comes back: starts a server on a clone of it, counts, and throws the clone away.</summary>
internal sealed class DrillSnapshot(TimeProvider clock, IOperationProgress progress)
{
    private readonly TimeProvider _clock = clock;
    private readonly IOperationProgress _progress = progress;

    /// <summary>Runs the operation. A snapshot that did not come back is a result.</summary>
    /// <exception cref="MetisException">2 name or command, 10 no such snapshot, 11 another run, 12 rights, 15 an unfinished rollback, or a server that would write to the live one's files, 16 ZFS.</exception>
    public async Task<DrillSnapshotResult> RunAsync(DrillSnapshotRequest request, CancellationToken cancellationToken)
    {
        var started = _clock.GetTimestamp();
        DrillIsolation.Require(request.Command, request.ServerConfiguration);
        var tools = new DrTools(request.Settings, _clock);
        using var held = tools.Lock();
        RollbackJournal.RequireNone(request.Settings.StatePath, request.Settings.Dataset);
        _progress.BeginPhase(OperationPhase.Preparing, WorkTotal.Unknown);
        var leftovers = new Leftovers(tools);
        await leftovers.RemoveAsync(await leftovers.FindAsync(cancellationToken), cancellationToken);
        var dataset = request.Settings.Dataset;
        var snapshots = await new DrCatalogue(tools.Reader).ListWithDetailsAsync(dataset, cancellationToken);
        var target = DrCatalogue.Find(dataset, request.Name, snapshots);

        var warnings = new List<string>();
        await using var stage = await DrillStage.SetAsync(tools, target, cancellationToken);
        _progress.BeginPhase(OperationPhase.Proving, WorkTotal.Unknown);
        var finding = await new DrillRun(tools, request, stage).RunAsync(cancellationToken);
        await stage.ClearAsync(cancellationToken);

        var content = target.Details?.Content;
        var problems = finding.Problem is { } fault ? [fault] : content?.DifferencesFrom(finding.Counts).ToList() ?? [];
        if (content is null)
        {
            warnings.Add("There was nothing to compare with: the server was not counted when the snapshot was taken.");
        }

        var verdict = new DrillVerdict(_clock.GetUtcNow(), problems.Count == 0, Math.Round(finding.TimeToReady.TotalSeconds, 1));
        await tools.Writer.SetAsync(target.FullName, OwnProperties.Drill, verdict.ToProperty(), cancellationToken);
        tools.Record($"drill {target.FullName} {(verdict.Passed ? "passed" : "FAILED " + string.Join(' ', problems))} ready in {verdict.Seconds} s", warnings);
        return new DrillSnapshotResult
        {
            Name = target.FullName,
            Passed = verdict.Passed,
            TimeToReady = finding.TimeToReady,
            Databases = finding.Counts.Count,
            Collections = finding.Counts.Values.Sum(static one => one.Collections),
            Documents = finding.Counts.Values.Sum(static one => one.Documents),
            Compared = content is not null,
            Problems = problems,
            Warnings = warnings,
            Duration = _clock.GetElapsedTime(started),
        };
    }
}
