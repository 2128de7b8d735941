using System.CommandLine;
using System.Text.Json;
using MetisBackup.App.Commands.Documents;
using MetisBackup.App.Commands.Progress;
using MetisBackup.App.Configuration;
using MetisBackup.App.Configuration.Sections;
using MetisBackup.App.Operations;
using MetisBackup.App.Operations.Running;
using MetisBackup.App.Output;
using MetisBackup.Core.Errors;

namespace MetisBackup.App.Commands;

/// <summary>Runs the bodies of commands: arms the signals, chooses the progress, turns every outcome into message and exit code.</summary>
internal sealed class CommandRunner(Screen screen, TimeProvider clock, CommonOptions options)
{
    private readonly Screen _screen = screen;
    private readonly TimeProvider _clock = clock;
    private readonly CommonOptions _options = options;

    /// <summary>Makes <paramref name="body"/> the action of <paramref name="command"/>.</summary>
    /// <param name="command">The command.</param>
    /// <param name="body">Does the work and returns the exit code.</param>
    /// <param name="afterInterruption">What an interruption leaves, for example "no snapshot was made", until the body says otherwise.</param>
    /// <param name="reloads">The body has its own use for SIGHUP.</param>
    public void Bind(Command command, Func<CommandRun, CancellationToken, Task<int>> body, string afterInterruption = "nothing was changed", bool reloads = false) =>
        command.SetAction(async (parsed, _) =>
        {
            using var interruption = new Interruption(reloads);
            return await RunAsync(command, parsed, body, afterInterruption, interruption);
        });

    /// <summary>Writes a line of the result and returns the exit code given.</summary>
    public int Answer(string line, int code)
    {
        _screen.Document(line);
        return code;
    }

    /// <summary>Tells of a failure and returns its exit code.</summary>
    public int Fail(string? command, MetisException failure, bool json)
    {
        _screen.Status("");
        if (json)
        {
            _screen.Document(JsonSerializer.Serialize(failure.ToDocument(command), DocumentContext.Writing.ErrorDocument));
        }

        _screen.Labelled("error", Tone.Bad, HumanText.Printable(failure.Message));
        foreach (var detail in failure.Details)
        {
            _screen.Error("  " + HumanText.Printable(detail), Tone.Plain);
        }

        if (failure.Hint is { } hint)
        {
            _screen.Labelled("hint", Tone.Strong, HumanText.Printable(hint));
        }

        if (_screen.Verbosity == Verbosity.Verbose)
        {
            foreach (var cause in Failure.Causes(failure))
            {
                _screen.Labelled("cause", Tone.Faint, cause);
            }
        }

        return (int)failure.Code;
    }

    private async Task<int> RunAsync(Command command, ParseResult parsed, Func<CommandRun, CancellationToken, Task<int>> body, string afterInterruption, Interruption interruption)
    {
        _screen.Verbosity = _options.Verbosity(parsed);
        var json = _options.Json(parsed);
        Log(_options.LogFormat(parsed));
        var run = new CommandRun
        {
            Parsed = parsed,
            Options = _options,
            Configured = new Lazy<Settings>(() => Configure(parsed)),
            Screen = _screen,
            Clock = _clock,
            Progress = ChooseProgress(),
            Aftermath = new Aftermath(afterInterruption),
        };
        try
        {
            return await body(run, interruption.Token);
        }
#pragma warning disable CA1031 // the one catch-all of the process: whatever happened becomes an error and an exit code
        catch (Exception exception)
#pragma warning restore CA1031
        {
            var failure = interruption.Code is { } signal
                ? new MetisException(signal, $"The {command.Name} was interrupted: {run.Aftermath.State}.", run.Aftermath.Hint, exception)
                : Failure.Of(exception);
            return Fail(UsageError.WordsOf(command), failure, json);
        }
        finally
        {
            _screen.Status("");
        }
    }

    private Settings Configure(ParseResult parsed)
    {
        var settings = Settings.Load(_options.Source(parsed, _clock.LocalTimeZone));
        Log(settings.Log.Format);
        return settings;
    }

    private void Log(LogFormat format) => _screen.LogAs(
        format switch
        {
            LogFormat.Json => LogStyle.Json,
            LogFormat.Text => LogStyle.Plain,
            _ => LogLines.Fitting,
        },
        _clock);

    private IOperationProgress ChooseProgress()
    {
        if (_screen.Verbosity == Verbosity.Quiet)
        {
            return new SilentProgress();
        }

        return _screen.CanDrawStatus ? new LiveProgress(_screen, _clock) : new LineProgress(_screen);
    }
}
