using MetisBackup.Core.Bulk;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Planning;

namespace MetisBackup.App.Operations;

/// <summary>What <see cref="RestoreGeneration"/> needs.</summary>
internal sealed record RestoreGenerationRequest
{
    /// <summary>The restore of the database; its <c>Approve</c> is not asked.</summary>
    public required RestoreDatabaseRequest Database { get; init; }

    /// <summary>The restore of the files, of the same snapshot; its <c>Approve</c> is not asked.</summary>
    public required RestoreFilesRequest Files { get; init; }

    /// <summary>Asked once with both plans before anything changes.</summary>
    public required Func<RestorePlan, TreePlan, CancellationToken, ValueTask<bool>> Approve { get; init; }
}

/// <summary>Restores a database and the files beside it to one snapshot: the files are planned first and changed last.</summary>
internal sealed class RestoreGeneration(TimeProvider clock, IOperationProgress progress)
{
    /// <summary>Runs the operation.</summary>
    /// <exception cref="MetisException">As the two restores; when the database is done and the files are not, the message says so.</exception>
    public async Task<RestoreDatabaseResult> RunAsync(RestoreGenerationRequest request, CancellationToken cancellationToken)
    {
        var files = new RestoreFiles(clock, progress);
        var planned = await files.RunAsync(request.Files with { DryRun = true }, cancellationToken);
        if (planned.Plan.Obstacles.Count > 0)
        {
            throw new MetisException(ErrorCode.Refused, string.Join(' ', planned.Plan.Obstacles), "move what stands in the way, then run the same command again; nothing was changed");
        }

        // "latest" may mean another one once the database was restored
        var database = await new RestoreDatabase(clock, progress).RunAsync(
            request.Database with { Name = planned.Snapshot, Approve = (plan, token) => request.Approve(plan, planned.Plan, token) }, cancellationToken);
        if (request.Database.DryRun)
        {
            return database with { Files = planned };
        }

        try
        {
            var done = await files.RunAsync(request.Files with { Name = planned.Snapshot, Approve = static (_, _) => ValueTask.FromResult(true) }, cancellationToken);
            return database with { Files = done, Warnings = [.. database.Warnings, .. done.Warnings], Duration = database.Duration + planned.Duration + done.Duration };
        }
        catch (MetisException error)
        {
            throw new MetisException(
                error.Code,
                $"{error.Message} Database {database.Database} is restored, the files of '{planned.Plan.Root}' are not.",
                $"{(error.Hint is { } hint ? hint + "; " : "")}'metis-backup restore {database.Snapshot} --only-bulk' restores them alone",
                error);
        }
    }
}
