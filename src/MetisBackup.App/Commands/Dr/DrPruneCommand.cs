using System.CommandLine;
using MetisBackup.App.Commands.Documents;
using MetisBackup.App.Operations;
using MetisBackup.App.Output;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Retention;

namespace MetisBackup.App.Commands.Dr;

/// <summary><c>metis-backup dr prune</c>.</summary>
internal static class DrPruneCommand
{
    private static readonly Column[] Columns = [new("NAME"), new("OUTCOME"), new("WHY")];

    /// <summary>Builds the command.</summary>
    public static Command Build(CommandRunner runner)
    {
        var dryRun = new Option<bool>("--dry-run") { Description = "Show what would go, and why the others stay; change nothing" };
        var last = Count("--keep-last", "The newest so many; 30 when no rule is given");
        Option<int?>[] counts = [Count("--keep-hourly", "The first of each of so many hours"), Count("--keep-daily", "Of so many days"), Count("--keep-weekly", "Of so many weeks"), Count("--keep-monthly", "Of so many months"), Count("--keep-yearly", "Of so many years")];
        var within = Count("--keep-within-days", "All that are younger");
        var age = Count("--max-age-days", "None that is older, except the newest and what is held");
        var options = new DrOptions();
        var command = new Command("prune", "Remove nightly snapshots that no rule keeps, and kept states whose time is over") { dryRun, last };
        foreach (var one in (IEnumerable<Option<int?>>)[.. counts, within, age])
        {
            command.Options.Add(one);
        }

        options.AddPlace(command);
        runner.Bind(
            command,
            async (run, cancellationToken) =>
            {
                var parsed = run.Parsed;
                int Of(Option<int?> option) => parsed.GetValue(option) ?? 0;
                TimeSpan? Days(Option<int?> option) => parsed.GetValue(option) is { } days ? TimeSpan.FromDays(days) : null;
                var given = new RetentionPolicy { Last = Of(last), Hourly = Of(counts[0]), Daily = Of(counts[1]), Weekly = Of(counts[2]), Monthly = Of(counts[3]), Yearly = Of(counts[4]), Within = Days(within), MaxAge = Days(age) };
                var any = counts.Append(last).Append(within).Append(age).Any(option => parsed.GetValue(option) is not null);
                var request = new PruneDrSnapshotsRequest { Settings = options.Settings(parsed), Policy = (any ? given : RetentionPolicy.DisasterRecovery).Checked(), DryRun = parsed.GetValue(dryRun) };
                var result = await new PruneDrSnapshots(run.Clock).RunAsync(request, cancellationToken);
                run.Report(result.ToDocument(), DocumentContext.Writing.DrPruneDocument, () => Write(run.Screen, result));
                return result.Incomplete ? (int)ErrorCode.Incomplete : 0;
            },
            "some snapshots may be gone; run the same command again to finish");
        return command;
    }

    private static Option<int?> Count(string name, string description) => new(name) { Description = description, HelpName = "N" };

    private static void Write(Screen screen, PruneDrSnapshotsResult result)
    {
        var removed = result.Items.Where(static one => one.Outcome == PruneOutcome.Removed).ToList();
        if (screen.Verbosity == Verbosity.Quiet)
        {
            foreach (var one in removed)
            {
                screen.Line(one.Name);
            }
        }
        else
        {
            if (result.Items.Count > 0)
            {
                screen.Table(Columns, result.Items.Select(one => new[] { one.Name, Outcome(one.Outcome, result.Executed), one.Reason }));
            }

            screen.Line($"{(result.Executed ? "Removed" : "Would remove")} {removed.Count} of {result.Items.Count}: {result.Policy}.");
        }

        WarningLines.Write(screen, result.Warnings);
        WarningLines.Write(screen, [.. result.Items.Where(static one => one.Outcome is PruneOutcome.Skipped or PruneOutcome.Failed).Select(static one => $"{one.Name} should go but cannot: {one.Reason}")]);
    }

    private static string Outcome(PruneOutcome outcome, bool executed) => outcome == PruneOutcome.Removed && !executed ? "would go" : outcome.ToString().ToLowerInvariant();
}
