using System.CommandLine;
using MetisBackup.App.Commands.Documents;
using MetisBackup.App.Operations;
using MetisBackup.App.Operations.DisasterRecovery;
using MetisBackup.App.Operations.Running;
using MetisBackup.App.Output;
using MetisBackup.Core.Errors;

namespace MetisBackup.App.Commands.Dr;

/// <summary><c>metis-backup dr create</c>.</summary>
internal static class DrCreateCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(CommandRunner runner)
    {
        var label = new Option<string>("--label") { Description = "dr_nightly, golden_image (held, never pruned), or a word of your own (never pruned)", HelpName = "L", DefaultValueFactory = static _ => "dr_nightly" };
        var paths = new SettingListOption("--data-path", "dr.data_paths", "A path that must lie on the data set; may be repeated");
        var accepted = new SettingListOption("--accept-outside", "dr.accept_outside", "A path of the server that need not be captured; may be repeated");
        var configuration = new SettingOption("--server-config", "dr.server_config", "FILE", "The server's configuration, which tells where its data lies");
        var prune = new Option<bool>("--prune") { Description = "Then remove those that no rule keeps, like 'dr prune'; the --keep rules belong to it" };
        var rules = new RetentionOptions();
        var options = new DrOptions();
        var command = new Command("create", "Take a snapshot of the whole server") { label, paths, accepted, configuration, prune };
        rules.AddTo(command);
        options.AddPlace(command);
        runner.Bind(
            command,
            async (run, cancellationToken) =>
            {
                if (!run.Parsed.GetValue(prune) && rules.Given(run.Parsed).FirstOrDefault() is { } rule)
                {
                    throw new MetisException(ErrorCode.Usage, $"{rule} belongs to --prune.", "add --prune, or leave the rule to 'metis-backup dr prune'");
                }

                var (settings, policy) = (DrOptions.Settings(run), run.Parsed.GetValue(prune) ? rules.Policy(run) : null);
                CreateDrSnapshotRequest Request() => new()
                {
                    Settings = settings,
                    Server = run.Server,
                    Label = run.Parsed.GetRequiredValue(label),
                    Coverage = new CoverageRequest
                    {
                        DataPaths = run.Settings.Dr.DataPaths,
                        Accepted = run.Settings.Dr.AcceptOutside,
                        ServerConfiguration = run.Settings.Dr.ServerConfiguration,
                    },
                    Prune = policy,
                    Safety = run.Settings.Retention.Safety,
                };
                var supervised = await run.SuperviseAsync(
                    RunSubject.Asked(RunSeries.Dr(settings.Dataset.Value), RunOperation.Create),
                    token => new CreateDrSnapshot(run.Clock, run.Progress).RunAsync(Request(), token),
                    RunFactsOf.ToFacts,
                    cancellationToken);
                var result = supervised.Result with { Warnings = [.. supervised.Result.Warnings, .. supervised.Warnings] };
                run.Report(result.ToDocument(), DocumentContext.Writing.DrCreateDocument, () => Write(run.Screen, result));
                return supervised.ExitCode;
            },
            "'metis-backup dr list' tells whether the snapshot was taken");
        return command;
    }

    private static void Write(Screen screen, CreateDrSnapshotResult result)
    {
        if (screen.Verbosity == Verbosity.Quiet)
        {
            screen.Line(result.Name);
        }
        else
        {
            screen.Line($"Took {result.Name}", Tone.Good);
            var content = result.Content is { } known ? $"{HumanText.Count(known.Count, "database")}, {HumanText.Count(known.Total.MostDocuments, "document")}, " : "";
            screen.Line($"  {content}{(result.Flushed ? "log flushed, " : "")}{(result.Held ? "held, " : "")}in {HumanText.Duration(result.Duration)}");
            if (result.Pruned is { } pruned)
            {
                screen.Line($"  removed {pruned.Removed.Count} of {pruned.Items.Count}: {pruned.Policy}");
            }
        }

        WarningLines.Write(screen, result.Warnings);
    }
}
