using System.CommandLine;
using MetisBackup.App.Commands.Documents;
using MetisBackup.App.Operations;
using MetisBackup.App.Operations.Running;
using MetisBackup.App.Output;

namespace MetisBackup.App.Commands.Dr;

/// <summary><c>metis-backup dr drill</c>.</summary>
internal static class DrDrillCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(CommandRunner runner)
    {
        var name = new Argument<string>("NAME") { Description = "Name, unique prefix of it, or latest" };
        var program = new SettingOption("--drill-command", "dr.drill_command", "LIST", "The server's program and arguments, as a JSON list; {data}, {endpoint} and {address} are filled in");
        var folder = new SettingOption("--data-folder", "dr.drill_data_folder", "DIR", "Where the database directory lies on the data set; its top when not given");
        var options = new DrOptions();
        var command = new Command("drill", "Prove that a snapshot comes back: start a server on a clone of it and count") { name, program, folder };
        options.AddPlace(command);
        options.AddPatience(command);
        runner.Bind(
            command,
            async (run, cancellationToken) =>
            {
                var request = new DrillSnapshotRequest
                {
                    Settings = DrOptions.Settings(run),
                    Name = run.Parsed.GetRequiredValue(name),
                    Command = run.Settings.Dr.DrillCommand,
                    ServerConfiguration = run.Settings.Dr.ServerConfiguration,
                    DataFolder = run.Settings.Dr.DrillDataFolder,
                    Server = run.Server,
                    Patience = run.Settings.Dr.ServerTimeout,
                };
                var supervised = await run.SuperviseAsync(
                    RunSubject.Asked(RunSeries.Dr(request.Settings.Dataset.Value), RunOperation.Drill),
                    token => new DrillSnapshot(run.Clock, run.Progress).RunAsync(request, token),
                    RunFactsOf.ToFacts,
                    cancellationToken);
                var result = supervised.Result with { Warnings = [.. supervised.Result.Warnings, .. supervised.Warnings] };
                run.Report(result.ToDocument(), DocumentContext.Writing.DrDrillDocument, () => Write(run.Screen, result));
                return supervised.ExitCode;
            },
            "no verdict was recorded");
        return command;
    }

    private static void Write(Screen screen, DrillSnapshotResult result)
    {
        if (screen.Verbosity == Verbosity.Quiet)
        {
            screen.Line(result.Passed ? "passed" : "failed");
        }
        else
        {
            screen.Line($"{result.Name} {(result.Passed ? "comes back" : "does NOT come back as it was")}", result.Passed ? Tone.Good : Tone.Bad);
            // every server has a database: where none was counted, none answered
            screen.Line($"  {(result.Databases == 0 ? "given up" : "server ready")} after {HumanText.Duration(result.TimeToReady)}; {HumanText.Count(result.Databases, "database")}, {HumanText.Count(result.Collections, "collection")}, "
                + $"{HumanText.Count(result.Documents, "document")}{(result.Compared ? "" : "; not compared")}");
        }

        foreach (var problem in result.Problems)
        {
            screen.Labelled("problem", Tone.Bad, HumanText.Printable(problem));
        }

        WarningLines.Write(screen, result.Warnings);
    }
}
