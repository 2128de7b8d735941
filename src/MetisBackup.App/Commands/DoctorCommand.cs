using System.CommandLine;
using MetisBackup.App.Commands.Documents;
using MetisBackup.App.Commands.Dr;
using MetisBackup.App.Operations;
using MetisBackup.App.Operations.Examining;
using MetisBackup.App.Output;
using MetisBackup.App.Supervision;
using MetisBackup.Core.Errors;

namespace MetisBackup.App.Commands;

/// <summary><c>metis-backup doctor</c>.</summary>
internal static class DoctorCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(CommandRunner runner)
    {
        var fix = new Option<bool>("--fix") { Description = "Mend what is safe to mend: remove what killed runs left behind, take rights away from other accounts" };
        var only = new Option<string[]>("--only") { Description = $"Look at these areas alone: {string.Join(", ", ExaminedArea.All)}", HelpName = "AREA" };
        only.AcceptOnlyFromAmong([.. ExaminedArea.All]);
        var options = new DrOptions();
        var command = new Command("doctor", "Look for what needs attention, with the command that mends it; ends with 3 when something does") { fix, only };
        options.AddPlace(command);
        runner.Bind(command, async (run, cancellationToken) =>
        {
            var areas = run.Parsed.GetValue(only) is { Length: > 0 } some ? some : ExaminedArea.All;
            var findings = await new ExamineBackups(run.Clock).RunAsync(new ExamineBackupsRequest(ExaminedTargets.Of(run.Settings, [.. areas], run.Clock), run.Parsed.GetValue(fix)), cancellationToken);
            run.Report(findings.ToDocument(), DocumentContext.Writing.DoctorDocument, () => Write(run.Screen, findings));
            return findings.Any(static one => one.IsOpen) ? (int)ErrorCode.Incomplete : 0;
        });
        return command;
    }

    private static void Write(Screen screen, IReadOnlyList<Finding> findings)
    {
        foreach (var finding in findings.Where(one => one.Severity != FindingSeverity.Note || screen.Verbosity != Verbosity.Quiet))
        {
            screen.Line($"{Word(finding),-7}  {finding.Area,-8}  {HumanText.Printable(finding.Text)}", ToneOf(finding));
            if (finding is { Fixed: false, Mend: { } mend })
            {
                screen.Line($"{"",-19}{HumanText.Printable(mend)}", Tone.Command);
            }
        }

        if (!findings.Any(static one => one.IsOpen))
        {
            screen.Line("Nothing needs attention.", Tone.Good);
        }
    }

    private static string Word(Finding finding) => finding.Fixed ? "mended" : finding.Severity.ToString().ToLowerInvariant();

    private static Tone ToneOf(Finding finding) => finding switch
    {
        { Fixed: true } => Tone.Good,
        { Severity: FindingSeverity.Problem } => Tone.Bad,
        { Severity: FindingSeverity.Warning } => Tone.Warning,
        _ => Tone.Faint,
    };
}
