using System.CommandLine;
using MetisBackup.App.Commands.Documents;
using MetisBackup.App.Output;
using MetisBackup.App.Supervision.Alarms;
using MetisBackup.Core.Errors;

namespace MetisBackup.App.Commands;

/// <summary><c>metis-backup alarms</c>.</summary>
internal static class AlarmsCommand
{
    private static readonly Column[] Columns = [new("WHO"), new("OUTCOME")];

    /// <summary>Builds the group.</summary>
    public static Command Build(CommandRunner runner) => new("alarms", "Try the alarms") { BuildTest(runner) };

    private static Command BuildTest(CommandRunner runner)
    {
        var command = new Command("test", "Send a test message through every notifier of the configuration, or of a --target, and call every ping");
        runner.Bind(
            command,
            async (run, cancellationToken) =>
            {
                using var roster = new AlarmRoster(run.Settings, run.Clock);
                var alarm = new Alarm
                {
                    Event = null,
                    Series = "",
                    Message = $"This is a test. Alarms of metis-backup on {Environment.MachineName} reach you.",
                    Time = run.Clock.GetUtcNow(),
                    Host = Environment.MachineName,
                };
                var told = await roster.TestAsync(alarm, run.Settings.Target?.Name, cancellationToken);
                if (told.Length == 0)
                {
                    throw new MetisException(ErrorCode.NotFound, "The configuration names nobody who is told.", "write a section [alarms.webhook.NAME], [alarms.email.NAME], [alarms.command.NAME] or [alarms.ping.NAME]");
                }

                var document = new AlarmsTestDocument { Command = "alarms test", Notifiers = [.. told.Select(static one => new NotifierDetail(one.Title, one.Failure is null, one.Failure))] };
                run.Report(document, DocumentContext.Writing.AlarmsTestDocument, () => Write(run.Screen, told));
                return told.All(static one => one.Failure is null) ? 0 : (int)ErrorCode.ServerFailed;
            },
            "some may have been told");
        return command;
    }

    private static void Write(Screen screen, IReadOnlyList<Told> told)
    {
        if (screen.Verbosity != Verbosity.Quiet)
        {
            screen.Table(Columns, told.Select(static one => new[] { one.Title, one.Failure is null ? "told" : "NOT told" }));
        }

        foreach (var failure in AlarmDesk.FailuresOf(told))
        {
            screen.Labelled("error", Tone.Bad, HumanText.Printable(failure));
        }
    }
}
