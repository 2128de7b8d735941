using System.CommandLine;
using System.Globalization;
using MetisBackup.App.Commands.Documents;
using MetisBackup.App.Operations;
using MetisBackup.App.Output;
using MetisBackup.Core.Errors;

namespace MetisBackup.App.Commands;

/// <summary><c>metis-backup pin</c> and <c>metis-backup unpin</c>.</summary>
internal static class PinCommand
{
    private const int LongestReason = 200;

    /// <summary>Builds <c>pin</c>.</summary>
    public static Command BuildPin(CommandRunner runner)
    {
        var reason = new Option<string?>("--reason") { Description = "Why, in your own words", HelpName = "TEXT" };
        var until = new Option<string?>("--until") { Description = "From then on it is an ordinary snapshot again: a time span like 30d, or a date", HelpName = "WHEN" };
        var command = Build(runner, "pin", "Make a snapshot permanent, or keep it until a date", (run, request) => request with
        {
            Permanent = true,
            Reason = Checked(run.Parsed.GetValue(reason)),
            Until = run.Parsed.GetValue(until) is { } moment ? Moment.Read("--until", moment, run.Clock.GetUtcNow()) : null,
        });
        command.Options.Add(reason);
        command.Options.Add(until);
        return command;
    }

    /// <summary>Builds <c>unpin</c>.</summary>
    public static Command BuildUnpin(CommandRunner runner) => Build(runner, "unpin", "Make a snapshot an ordinary one again", static (_, request) => request);

    /// <summary>What is shown of a pin: <c>permanent</c>, <c>pinned until 2027-01-31 00:00 UTC: for the paper</c>.</summary>
    public static string? Text(SnapshotSummary snapshot) => !snapshot.Permanent
        ? null
        : (snapshot.PinnedUntil is { } until ? string.Create(CultureInfo.InvariantCulture, $"pinned until {until.UtcDateTime:yyyy-MM-dd HH:mm} UTC") : "permanent") + (snapshot.PinReason is { } reason ? $": {reason}" : "");

    private static Command Build(CommandRunner runner, string verb, string description, Func<CommandRun, PinSnapshotRequest, PinSnapshotRequest> complete)
    {
        var name = SnapshotArgument.Required();
        var command = new Command(verb, description) { name };
        runner.Bind(command, async (run, cancellationToken) =>
        {
            var request = complete(run, new PinSnapshotRequest { StorePath = run.Store, Name = run.Snapshot(run.Parsed.GetRequiredValue(name)), Permanent = false });
            var result = await new PinSnapshot(run.Clock).RunAsync(request, cancellationToken);
            run.Report(result.ToDocument(verb), DocumentContext.Writing.PinDocument, () => run.Screen.Line(
                $"{result.Name} is {(result.Changed ? "now" : "already")} {(!result.Permanent ? "an ordinary snapshot" : result.Until is { } until ? $"pinned until {HumanText.Time(until, run.Clock.LocalTimeZone)}" : "permanent")}"));
            return 0;
        });
        return command;
    }

    private static string? Checked(string? reason) => reason?.Trim() switch
    {
        null => null,
        { Length: > 0 and <= LongestReason } text => text,
        _ => throw new MetisException(ErrorCode.Usage, $"The reason is empty or longer than {LongestReason} characters.", "say in a few words why the snapshot is kept"),
    };
}
