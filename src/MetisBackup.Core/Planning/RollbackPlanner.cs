using System.Globalization;
using MetisBackup.Core.Errors;

namespace MetisBackup.Core.Planning;

/// <summary>Decides the steps of a rollback, and refuses what could make things worse.</summary>
public static class RollbackPlanner
{
    /// <summary>Makes the plan.</summary>
    /// <exception cref="MetisException">15: refused for safety.</exception>
    public static RollbackPlan Plan(RollbackFacts facts)
    {
        RequireStateElsewhere(facts);
        RequireHealthyPool(facts);
        RequireNobodyElse(facts);
        if (facts.Kind == RollbackKind.InPlace)
        {
            RequireNothingInTheWay(facts);
        }
        else
        {
            RequireSwappable(facts);
        }

        return new RollbackPlan
        {
            Kind = facts.Kind,
            Dataset = facts.Dataset,
            Target = facts.Target,
            Steps = [.. Steps(facts)],
            Lost = facts.Kind == RollbackKind.InPlace ? [.. facts.Newer.Select(static one => one.Name)] : [],
            Warnings = [.. Warnings(facts)],
        };
    }

    private static void RequireStateElsewhere(RollbackFacts facts)
    {
        if (facts.StateOnDataset is { } path)
        {
            throw new MetisException(ErrorCode.Refused, $"The journal would lie in {path}, on the data set {facts.Dataset} that goes back.", "name a directory elsewhere with --state");
        }
    }

    private static void RequireHealthyPool(RollbackFacts facts)
    {
        if (facts.PoolWorries.Count > 0 && !facts.Force)
        {
            throw new MetisException(ErrorCode.Refused, $"A rollback is not begun on such a pool: {string.Join(" ", facts.PoolWorries)}", "mend the pool or free space first; --force goes on all the same");
        }
    }

    private static void RequireNobodyElse(RollbackFacts facts)
    {
        if (facts.Service is null && facts.FileUsers.Count > 0)
        {
            throw new MetisException(
                ErrorCode.Refused, $"Data set {facts.Dataset} is in use: {string.Join("; ", facts.FileUsers)}.", "stop the server first, or name its service with --service so that it is stopped and started for you");
        }
    }

    private static void RequireNothingInTheWay(RollbackFacts facts)
    {
        if (facts.WithoutSnapshot.Count > 0)
        {
            throw new MetisException(ErrorCode.Refused, $"{string.Join(", ", facts.WithoutSnapshot)} did not exist when {facts.Target} was taken.", "go back without --in-place: then everything is kept");
        }

        if (facts.Newer.Where(static one => one.Obstacle is not null).ToList() is { Count: > 0 } blocked)
        {
            // zfs rollback -r would destroy the others before it fails
            throw new MetisException(
                ErrorCode.Refused, $"Newer snapshots cannot be destroyed: {string.Join("; ", blocked.Select(static one => $"{one.Name} ({one.Obstacle})"))}.", "go back without --in-place: then everything is kept");
        }

        if (facts.Newer.Count > 0 && !facts.DiscardNewer)
        {
            throw new MetisException(
                ErrorCode.Refused,
                $"In place, {Newer(facts)} would be destroyed: {string.Join(", ", facts.Newer.Select(static one => one.Name))}.",
                "go back without --in-place to keep them, or accept their loss with --discard-newer");
        }
    }

    private static void RequireSwappable(RollbackFacts facts)
    {
        if (facts.IsPool)
        {
            throw new MetisException(ErrorCode.Refused, $"{facts.Dataset} is the top of its pool, which nothing can take the place of.", "move the data to a data set below it, or use --in-place");
        }

        if (facts.LegacyMounts.Count > 0)
        {
            throw new MetisException(ErrorCode.Refused, $"ZFS does not manage the mount point of {string.Join(", ", facts.LegacyMounts)} (legacy).", "give it one with 'zfs set mountpoint=/path', or use --in-place");
        }

        if (facts.Conflicts.Count > 0)
        {
            throw new MetisException(ErrorCode.Refused, $"Both states have snapshots named {string.Join(", ", facts.Conflicts)}.", "rename one of each with 'zfs rename', then run the same command again");
        }
    }

    private static IEnumerable<PlannedStep> Steps(RollbackFacts facts)
    {
        var known = facts.Kind switch
        {
            RollbackKind.InPlace => InPlace(facts),
            RollbackKind.Undo => Swap(facts, new PlannedStep(RollbackStep.Park, $"unmount {facts.Dataset}")),
            _ => Swap(
                facts,
                new PlannedStep(RollbackStep.SaveState, $"take a safety snapshot of {facts.Dataset}"),
                new PlannedStep(RollbackStep.Clone, $"clone {facts.Target} to {facts.Staged}"),
                new PlannedStep(RollbackStep.Park, $"unmount {facts.Dataset}")),
        };
        List<PlannedStep> steps = [.. known];
        if (facts.Service is { } service)
        {
            steps.Add(new PlannedStep(RollbackStep.StopService, $"stop {service} and see that it is down"));
            steps.Add(new PlannedStep(RollbackStep.StartService, $"start {service}"));
        }

        if (facts is { Service: not null, Endpoint: { } endpoint })
        {
            steps.Add(new PlannedStep(RollbackStep.AwaitServer, $"wait until {endpoint} answers{(facts.Kind == RollbackKind.Undo ? "" : " and has the databases of the snapshot")}"));
        }

        return steps.OrderBy(static one => one.Step);
    }

    private static PlannedStep[] InPlace(RollbackFacts facts) =>
    [
        new PlannedStep(RollbackStep.RollBack, $"go back to {facts.Target} in place; what came after it is lost"),
        new PlannedStep(RollbackStep.Mount, $"mount {facts.Dataset}"),
    ];

    private static PlannedStep[] Swap(RollbackFacts facts, params PlannedStep[] first) =>
    [
        .. first,
        new PlannedStep(RollbackStep.MoveOut, $"rename {facts.Dataset} to {facts.Replaced}"),
        new PlannedStep(RollbackStep.MoveIn, $"rename {facts.Staged} to {facts.Dataset}"),
        new PlannedStep(RollbackStep.Promote, $"make {facts.Dataset} the owner of the older snapshots"),
        new PlannedStep(RollbackStep.CarryOver, "carry properties and mount point over"),
        new PlannedStep(RollbackStep.Mount, $"mount {facts.Dataset}"),
        new PlannedStep(RollbackStep.KeepReplaced, $"keep {facts.Replaced} until {facts.Expires.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC"),
    ];

    private static string Newer(RollbackFacts facts) => $"{facts.Newer.Count} newer snapshot{(facts.Newer.Count == 1 ? "" : "s")}";

    private static IEnumerable<string> Warnings(RollbackFacts facts)
    {
        foreach (var worry in facts.PoolWorries)
        {
            yield return worry;
        }

        if (facts.Service is null)
        {
            yield return "No service is stopped or started: start the server yourself when this has ended.";
        }

        if (facts.Kind == RollbackKind.InPlace)
        {
            yield return "In place there is no safety snapshot and no undo: the present state is lost.";
        }
        else if (facts.Newer.Count > 0 && facts.Kind == RollbackKind.Swap)
        {
            yield return facts.Newer.Count == 1
                ? $"1 newer snapshot stays with {facts.Replaced}; undo brings it back."
                : $"{Newer(facts)} stay with {facts.Replaced}; undo brings them back.";
        }

        if (facts.WithoutSnapshot.Count > 0)
        {
            yield return $"{string.Join(", ", facts.WithoutSnapshot)} did not exist when the snapshot was taken and will be kept below {facts.Replaced}.";
        }
    }
}
