using MetisBackup.App.Configuration;
using MetisBackup.App.Operations;
using MetisBackup.App.Output;

namespace MetisBackup.App.Commands;

/// <summary>What the commands tell that install units, and take them away.</summary>
internal static class InstallLines
{
    /// <summary>What this shell has and a unit will not.</summary>
    /// <param name="run">The run.</param>
    /// <param name="unit">The unit in a word.</param>
    public static IEnumerable<string> Unseen(CommandRun run, string unit)
    {
        if (run.Settings.Server.Password is { File: null, Variable: { } variable } && Environment.GetEnvironmentVariable(variable) is { Length: > 0 })
        {
            yield return $"The {unit} does not have the variable {variable}: set server.password_file or give --password-file, or the server is not asked to flush its log.";
        }

        if (!run.Options.NamesFile(run.Parsed) && run.Settings.Files.Any(static file => file != ConfigurationFiles.OfMachine))
        {
            yield return $"The {unit} may not see {string.Join(" and ", run.Settings.Files.Where(static file => file != ConfigurationFiles.OfMachine))}: name one file with --config, or write {ConfigurationFiles.OfMachine}.";
        }

        var variables = run.Settings.Values.All.Where(static one => one.Origin.Kind == OriginKind.Environment).Select(static one => one.Origin.Name).Distinct(StringComparer.Ordinal).ToList();
        if (variables.Count > 0)
        {
            yield return $"The {unit} does not have {(variables.Count == 1 ? "the variable" : "the variables")} {string.Join(", ", variables)}: write that into {ConfigurationFiles.OfMachine}.";
        }
    }

    /// <summary>Writes what was installed.</summary>
    /// <param name="screen">Where to.</param>
    /// <param name="result">What was installed.</param>
    /// <param name="unit">The unit that was started, in a word.</param>
    /// <param name="next">How to look at it.</param>
    public static void Write(Screen screen, InstallScheduleResult result, string unit, string next)
    {
        foreach (var file in result.Files)
        {
            if (!result.Executed)
            {
                screen.Line($"==> {file.Path} ({Word(file.Change, "would be ")})", Tone.Strong);
                screen.Line(file.Content);
            }
            else if (screen.Verbosity != Verbosity.Quiet)
            {
                screen.Line($"{Word(file.Change, "")}: {file.Path}");
            }
        }

        if (result.Grant is { } grant)
        {
            screen.Line($"{(result.Granted ? "run" : "to be run by root")}: {grant}");
        }

        screen.Message((result.Executed, result.Changed, result.TimerStarted) switch
        {
            (false, _, _) => "Nothing was written.",
            (_, false, _) => "Everything is as it should be; nothing was changed.",
            (_, _, true) => $"The {unit} runs; {next}.",
            _ => $"The {unit} starts with the machine.",
        });
    }

    private static string Word(ScheduleChange change, string would) => change switch
    {
        ScheduleChange.None => "unchanged",
        ScheduleChange.Create => would + "created",
        ScheduleChange.Update => would + "updated",
        _ => would + "replaced",
    };

    /// <summary>Writes what was taken away.</summary>
    public static void Write(Screen screen, UninstallScheduleResult result)
    {
        foreach (var path in result.Removed)
        {
            screen.Line($"{(result.Executed ? "removed" : "would be removed")}: {path}");
        }

        foreach (var path in result.Left)
        {
            screen.Error($"left, because somebody else made it: {path}", Tone.Warning);
        }

        if (result.Removed.Count == 0)
        {
            screen.Message("Nothing of ours is installed.");
        }
    }
}
