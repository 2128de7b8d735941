using System.CommandLine;
using System.CommandLine.Invocation;
using MetisBackup.App.Commands.Dr;
using MetisBackup.App.Output;
using MetisBackup.Core.Errors;

namespace MetisBackup.App.Commands;

/// <summary>The command line as a whole: what can be typed, and what happens when something else was.</summary>
internal sealed class CommandLine
{
    private readonly RootCommand _root = new("Snapshots of ArangoDB databases that are proven to come back.");
    private readonly CommonOptions _options = new();
    private readonly CommandRunner _runner;

    /// <summary>Puts the commands together.</summary>
    /// <param name="screen">Where results and messages go.</param>
    /// <param name="clock">The time.</param>
    /// <param name="guests">Commands that other rooms bring along.</param>
    public CommandLine(Screen screen, TimeProvider clock, params ReadOnlySpan<Func<CommandRunner, Command>> guests)
    {
        _runner = new CommandRunner(screen, clock, _options);
        _options.AddTo(_root);
        Func<CommandRunner, Command>[] own =
            [
                CreateCommand.Build, ListCommand.Build, ShowCommand.Build, DiffCommand.Build, RestoreCommand.Build, VerifyCommand.Build, DeleteCommand.Build, CleanupCommand.Build, PinCommand.BuildPin, PinCommand.BuildUnpin,
                DrCommand.Build, StatusCommand.Build, MetricsCommand.Build, DoctorCommand.Build, ConfigCommand.Build, AlarmsCommand.Build,
            ];
        foreach (var build in (ReadOnlySpan<Func<CommandRunner, Command>>)[.. own, .. guests])
        {
            _root.Subcommands.Add(build(_runner));
        }
    }

    /// <summary>Runs a line and returns the exit code.</summary>
    public async Task<int> RunAsync(string[] arguments)
    {
        var json = arguments.Contains("--json", StringComparer.Ordinal);
        if (arguments.Any(static argument => argument is "--password" || argument.StartsWith("--password=", StringComparison.Ordinal)))
        {
            // said without repeating the line: it may hold the password
            return _runner.Fail(command: null, new MetisException(ErrorCode.Usage, "A password is never taken from an argument.", "set ARANGO_PASSWORD or use --password-file: arguments can be read by every user of the machine"), json);
        }

        // no response files: a description may begin with an at sign
        var parsed = _root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null, EnablePosixBundling = false });
        if (parsed.Action is ParseErrorAction)
        {
            var misunderstood = UsageError.Of(parsed);
            return arguments.Contains(NagiosLine.Option, StringComparer.Ordinal)
                ? _runner.Answer(NagiosLine.Of(misunderstood), (int)Operations.Watching.Health.Unknown)
                : _runner.Fail(UsageError.WordsOf(parsed.CommandResult.Command), misunderstood, json);
        }

        return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
    }
}
