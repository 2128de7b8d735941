using System.CommandLine;
using MetisBackup.App.Commands.Documents;
using MetisBackup.App.Configuration;
using MetisBackup.App.Configuration.Sections;
using MetisBackup.App.Output;

namespace MetisBackup.App.Commands;

/// <summary><c>metis-backup config</c>.</summary>
internal static class ConfigCommand
{
    private const int LongestAligned = 56;

    /// <summary>Builds the group.</summary>
    public static Command Build(CommandRunner runner) => new("config", "Show and check the configuration") { BuildShow(runner), BuildCheck(runner) };

    private static Command BuildShow(CommandRunner runner)
    {
        var command = new Command("show", "Show every setting and where it comes from; with --verbose also what is not set, and the variables");
        runner.Bind(command, (run, _) =>
        {
            var warnings = Warnings(run.Settings);
            run.Report(ConfigDocument.Of("config show", run.Settings, warnings), DocumentContext.Writing.ConfigDocument, () => Write(run.Screen, run.Settings, warnings));
            return Task.FromResult(0);
        });
        return command;
    }

    private static Command BuildCheck(CommandRunner runner)
    {
        var command = new Command("check", "Check the files, the environment and every target");
        runner.Bind(command, (run, _) =>
        {
            // what a target says is checked only when it takes its place
            var targets = run.Settings.Targets.Select(target => run.Settings.For(target.Name)).ToList();
            var warnings = targets.Append(run.Settings).SelectMany(Warnings).Distinct(StringComparer.Ordinal).ToList();
            run.Report(ConfigDocument.Of("config check", run.Settings, warnings), DocumentContext.Writing.ConfigDocument, () =>
            {
                run.Screen.Line($"No fault in {(run.Settings.Files.Count > 0 ? string.Join(" and ", run.Settings.Files.Select(HumanText.Printable)) : "the defaults: there is no file")}.", Tone.Good);
                WarningLines.Write(run.Screen, warnings);
            });
            return Task.FromResult(0);
        });
        return command;
    }

    private static void Write(Screen screen, Settings settings, IReadOnlyList<string> warnings)
    {
        var verbose = screen.Verbosity == Verbosity.Verbose;
        screen.Line(settings.Files.Count > 0 ? $"# read: {string.Join(", ", settings.Files.Select(HumanText.Printable))}" : "# no file was read", Tone.Faint);
        foreach (var section in settings.Values.All.GroupBy(static one => one.Path[..one.Path.LastIndexOf('.')], StringComparer.Ordinal))
        {
            var shown = section.Where(one => verbose || one.Raw is not null).ToList();
            if (shown.Count > 0)
            {
                screen.Line();
                screen.Line($"[{section.Key}]", Tone.Strong);
                var width = Math.Min(LongestAligned, shown.Max(static one => Assignment(one).Length));
                foreach (var one in shown)
                {
                    var variable = verbose && one.Key.Variable is { } name ? $"; {name}" : "";
                    screen.Line($"{HumanText.Printable(Assignment(one)).PadRight(width)}  # {HumanText.Printable(one.Origin.ToString())}{variable}");
                }
            }
        }

        WarningLines.Write(screen, warnings);
    }

    /// <summary>The line of a file that would set it so; what is not set is a comment.</summary>
    private static string Assignment(SettingValue value) => value.Shown is { } text ? $"{value.Key.Name} = {text}" : $"# {value.Key.Name}";

    /// <summary>What is legal and yet no good.</summary>
    private static List<string> Warnings(Settings settings)
    {
        SecretReference?[] secrets =
        [
            settings.Server.Password, .. settings.Alarms.Webhooks.Select(static one => one.UrlSecret), .. settings.Alarms.Webhooks.Select(static one => one.Authorization), .. settings.Alarms.Emails.Select(static one => one.Password),
            .. settings.Alarms.Pings.Select(static one => one.UrlSecret),
        ];
        return [.. secrets.OfType<SecretReference>().Select(Secrets.Exposure).OfType<string>().Distinct(StringComparer.Ordinal)];
    }
}
