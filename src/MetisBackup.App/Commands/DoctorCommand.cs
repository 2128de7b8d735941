using System.CommandLine;
using MetisBackup.App.Commands.Documents;
using MetisBackup.App.Commands.Dr;
using MetisBackup.App.Operations;
using MetisBackup.App.Operations.Inspecting;
using MetisBackup.App.Output;
using MetisBackup.Core.Errors;

namespace MetisBackup.App.Commands;

/// <summary><c>metis-backup doctor</c>.</summary>
internal static class DoctorCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(CommandRunner runner)
    {
        var fix = new Option<bool>("--fix") { Description = "Remove what runs that were killed left behind" };
        var options = new DrOptions();
        var command = new Command("doctor", "Look for what needs attention") { fix };
        options.AddPlace(command);
        runner.Bind(command, async (run, cancellationToken) =>
        {
            var fixes = run.Parsed.GetValue(fix);
            var findings = new List<Finding>();
            var failures = new List<MetisException>();

            // what cannot be looked at is no reason not to look at the rest, and never passes for well
            async Task LookAsync(Func<Task<IReadOnlyList<Finding>>> look)
            {
                try
                {
                    findings.AddRange(await look());
                }
                catch (MetisException failure)
                {
                    failures.Add(failure);
                    findings.Add(new Finding(failure.Message, failure.Hint ?? "", Fixed: false));
                }
            }

            var settings = DrOptions.Settings(run);
            if (Directory.Exists(run.Settings.Operational.Store))
            {
                await LookAsync(() => new ExamineStore(run.Clock).RunAsync(new ExamineStoreRequest(run.Settings.Operational.Store, fixes), cancellationToken));
            }
            else
            {
                run.Screen.Message($"There is no snapshot store at {HumanText.Printable(run.Settings.Operational.Store)}.");
            }

            await LookAsync(() => new ExamineDataset(run.Clock).RunAsync(new ExamineDatasetRequest(settings, fixes), cancellationToken));
            run.Report(findings.ToDocument(), DocumentContext.Writing.DoctorDocument, () => Write(run.Screen, findings));
            return failures.Count == 0 ? 0 : (int)failures[^1].Code;
        });
        return command;
    }

    private static void Write(Screen screen, List<Finding> findings)
    {
        foreach (var finding in findings)
        {
            screen.Line($"{(finding.Fixed ? "mended" : "found")}: {HumanText.Printable(finding.Text)}", finding.Fixed ? Tone.Good : Tone.Warning);
            if (!finding.Fixed)
            {
                screen.Line($"  {HumanText.Printable(finding.Mend)}", Tone.Command);
            }
        }

        if (findings.Count == 0)
        {
            screen.Line("Nothing needs attention.", Tone.Good);
        }
    }
}
