using System.CommandLine;
using MetisBackup.App.Commands.Documents;
using MetisBackup.App.Operations;
using MetisBackup.App.Operations.DisasterRecovery;
using MetisBackup.App.Output;

namespace MetisBackup.App.Commands.Dr;

/// <summary><c>metis-backup dr list</c>.</summary>
internal static class DrListCommand
{
    private static readonly Column[] Columns = [new("NAME"), new("AGE", IsNumber: true), new("LABEL", CanBeMissed: true)];

    private static readonly Column[] DetailColumns =
    [
        .. Columns[..2], new("USED", IsNumber: true), new("REFERENCED", IsNumber: true, CanBeMissed: true), new("HOLDS", CanBeMissed: true), new("CLONES", CanBeMissed: true), new("DRILL", CanBeMissed: true), Columns[2],
    ];

    private static readonly Column[] StateColumns = [new("STATE"), new("KIND"), new("SINCE"), new("USED", IsNumber: true), new("KEPT UNTIL")];

    /// <summary>Builds the command.</summary>
    public static Command Build(CommandRunner runner)
    {
        var options = new DrOptions();
        var command = new Command("list", $"List the snapshots of the server, newest first; sizes, holds and clones of more than {ListDrSnapshots.Few} with --verbose");
        options.AddPlace(command);
        runner.Bind(command, async (run, cancellationToken) =>
        {
            var request = new ListDrSnapshotsRequest(DrOptions.Settings(run), run.Screen.Verbosity == Verbosity.Verbose);
            var result = await new ListDrSnapshots(run.Clock).RunAsync(request, cancellationToken);
            run.Report(result.ToDocument(), DocumentContext.Writing.DrListDocument, () => Write(run, request, result));
            return 0;
        });
        return command;
    }

    private static void Write(CommandRun run, ListDrSnapshotsRequest request, ListDrSnapshotsResult result)
    {
        var screen = run.Screen;
        if (screen.Verbosity == Verbosity.Quiet)
        {
            foreach (var snapshot in result.Snapshots)
            {
                screen.Line(snapshot.FullName);
            }

            return;
        }

        var now = run.Clock.GetUtcNow();
        if (result.Snapshots.Count == 0)
        {
            screen.Message($"There are no snapshots of the DR tier on {request.Settings.Dataset}.");
        }
        else
        {
            var detailed = result.Snapshots[0].Details is not null;
            screen.Table(detailed ? DetailColumns : Columns, result.Snapshots.Select(one => Row(one, now)));
        }

        if (result.KeptStates.Count > 0)
        {
            screen.Line();
            screen.Table(StateColumns, result.KeptStates.Select(one => Row(one, run.Clock.LocalTimeZone)));
        }
    }

    private static string[] Row(DrSnapshot one, DateTimeOffset now) => one.Details is not { } details
        ? [one.FullName, AgeText.Of(now - one.TakenAt), one.Label]
        :
        [
            one.FullName,
            AgeText.Of(now - one.TakenAt),
            HumanText.Bytes((long)details.Used),
            HumanText.Bytes((long)details.Referenced),
            string.Join(", ", details.Holders),
            string.Join(", ", details.Clones),
            details.Drill switch { null => "", { Passed: true } verdict => $"passed, {verdict.Seconds:0.#} s", _ => "FAILED" },
            one.Label,
        ];

    private static string[] Row(KeptState one, TimeZoneInfo zone) =>
        [one.Dataset.Value, one.Kind, HumanText.Time(one.Since, zone), HumanText.Bytes((long)one.Used), one.Expires is { } end ? HumanText.Time(end, zone) : "for ever"];
}
