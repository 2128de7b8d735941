using MetisBackup.App.Operations;
using MetisBackup.App.Output;
using MetisBackup.Core.Bulk;

namespace MetisBackup.App.Commands;

/// <summary>A plan for files as people read it before they say yes.</summary>
internal static class FilesPlanText
{
    /// <summary>Of the table of steps.</summary>
    public static IReadOnlyList<Column> Columns { get; } = [new("ACTION"), new("WHAT"), new("PATH"), new("SIZE", IsNumber: true), new("WHY")];

    /// <summary>What is about to happen, in one line.</summary>
    public static string Headline(TreePlan plan) =>
        HumanText.Printable($"Plan: {(plan.CreatesRoot ? "make" : "set")} the files of {plan.Root} {(plan.CreatesRoot ? "from" : "back to")} {plan.Snapshot}");

    /// <summary>One row per step that the plan names.</summary>
    public static IEnumerable<IReadOnlyList<string>> Rows(TreePlan plan) => plan.Changes.Select(static change => new[]
    {
        Action(change.Action),
        (change.Entry?.Kind ?? change.Was)?.ToString().ToLowerInvariant() ?? "other",
        change.Path.ToString(),
        change.Entry is { Kind: TreeEntryKind.File } file ? HumanText.Bytes(file.Size) : "",
        change.Reason,
    });

    /// <summary>What stands below the table: steps that it does not name, and entries that are left out.</summary>
    public static IEnumerable<string> Notes(TreePlan plan)
    {
        if (plan.Steps > plan.Changes.Count)
        {
            yield return $"… and {HumanText.Count(plan.Steps - plan.Changes.Count)} more";
        }

        if (plan.LeftOut > 0)
        {
            yield return $"{HumanText.Count(plan.LeftOut)} of the snapshot left out, because their names are excluded now";
        }

        foreach (var obstacle in plan.Obstacles)
        {
            yield return HumanText.Printable(obstacle);
        }
    }

    /// <summary>All steps in numbers.</summary>
    public static string Summary(TreePlan plan)
    {
        var parts = new (long Count, string Verb)[]
        {
            (plan.Kept, "kept"), (plan.Created, "made"), (plan.Replaced, "replaced"), (plan.Adjusted, "adjusted"), (plan.Removed, "removed"),
        };
        var text = string.Join(", ", parts.Where(static part => part.Count > 0).Select(static part => $"{HumanText.Count(part.Count)} {part.Verb}"));
        return "files: " + (text.Length > 0 ? text : "none");
    }

    /// <summary>What will be gone from its place.</summary>
    public static string Question(TreePlan plan) => plan.Steps == 0
        ? HumanText.Printable($"The files of {plan.Root} are equal to the snapshot: nothing will be changed.")
        : HumanText.Printable($"{HumanText.Count(plan.Replaced)} replaced and {HumanText.Count(plan.Removed)} removed entries of {plan.Root} will be kept in the trash.");

    /// <summary>The whole plan, on standard output for a dry run, otherwise among the messages.</summary>
    public static void Write(Screen screen, TreePlan plan, bool isResult)
    {
        var rows = Rows(plan).ToList();
        if (isResult)
        {
            screen.Line(Headline(plan), Tone.Strong);
            if (rows.Count > 0)
            {
                screen.Table(Columns, rows);
            }

            screen.Line("  " + Summary(plan));
        }
        else
        {
            screen.Error(Headline(plan), Tone.Strong);
            if (rows.Count > 0)
            {
                screen.MessageTable(Columns, rows);
            }
        }

        foreach (var note in Notes(plan))
        {
            if (isResult)
            {
                screen.Line("  " + note);
            }
            else
            {
                screen.Message("  " + note);
            }
        }
    }

    /// <summary>What was done.</summary>
    public static void WriteDone(Screen screen, RestoreFilesResult result)
    {
        screen.Line($"Restored the files of {HumanText.Printable(result.Plan.Root)} to {HumanText.Printable(result.Snapshot)}", Tone.Good);
        screen.Line($"  {Summary(result.Plan)}; {HumanText.Bytes(result.Plan.Bytes)} written, then all compared");
        if (result.Trash is { } trash)
        {
            screen.Line($"  what was there before is kept in {HumanText.Printable(trash)}: {HumanText.Count(result.Moved)} moved");
        }
    }

    private static string Action(TreeAction action) => action switch
    {
        TreeAction.Create => "create",
        TreeAction.Replace => "replace",
        TreeAction.Adjust => "adjust",
        _ => "remove",
    };
}
