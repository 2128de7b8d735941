using System.CommandLine;
using MetisBackup.App.Commands.Documents;
using MetisBackup.App.Commands.Dr;
using MetisBackup.App.Operations;
using MetisBackup.App.Output;

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
            var findings = await new ExamineDataset(run.Clock).RunAsync(new ExamineDatasetRequest(DrOptions.Settings(run), run.Parsed.GetValue(fix)), cancellationToken);
            run.Report(findings.ToDocument(), DocumentContext.Writing.DoctorDocument, () => Write(run.Screen, findings));
            return 0;
        });
        return command;
    }

    private static void Write(Screen screen, IReadOnlyList<DatasetFinding> findings)
    {
        foreach (var finding in findings)
        {
            screen.Line($"{(finding.Fixed ? "mended" : "found")}: {finding.Text}", finding.Fixed ? Tone.Good : Tone.Warning);
            if (!finding.Fixed)
            {
                screen.Line($"  {finding.Mend}", Tone.Command);
            }
        }

        if (findings.Count == 0)
        {
            screen.Line("Nothing needs attention.", Tone.Good);
        }
    }
}
