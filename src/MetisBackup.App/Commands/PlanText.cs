using MetisBackup.App.Output;
using MetisBackup.Core.Planning;

namespace MetisBackup.App.Commands;

/// <summary>A restore plan as people read it before they say yes.</summary>
internal static class PlanText
{
    /// <summary>Of the table of steps.</summary>
    public static IReadOnlyList<Column> Columns { get; } =
        [new("ACTION"), new("WHAT"), new("NAME"), new("DOCUMENTS NOW", IsNumber: true), new("DOCUMENTS THEN", IsNumber: true)];

    /// <summary>What is about to happen, in one line.</summary>
    public static string Headline(RestorePlan plan) => HumanText.Printable(
        $"Plan: {(plan.CreatesDatabase ? "make" : "set")} {(plan.Partial ? "some collections of " : "")}database {plan.Database} {(plan.CreatesDatabase ? "from" : "back to")} {plan.Snapshot}");

    /// <summary>One row per step.</summary>
    public static IEnumerable<IReadOnlyList<string>> Rows(RestorePlan plan) => plan.Steps.Select(static step => new[]
    {
        Action(step.Action),
        step.Kind.ToString().ToLowerInvariant(),
        step.Name,
        step.Kind == RestoreObject.Collection && step.Action != RestoreAction.Create ? HumanText.Count(step.LiveDocuments) : "",
        step.Kind == RestoreObject.Collection && step.Action != RestoreAction.Drop ? HumanText.Count(step.Documents) : "",
    });

    /// <summary>What cannot be taken back.</summary>
    public static string Question(RestorePlan plan)
    {
        if (plan.CreatesDatabase)
        {
            return HumanText.Printable($"Database {plan.Database} will be made.");
        }

        var lost = plan.Steps.Sum(static step => step.LiveDocuments);
        var dropped = plan.Steps.Count(static step => step.Action == RestoreAction.Drop);
        return HumanText.Printable($"{HumanText.Count(lost, "document")} of database {plan.Database} will be replaced and {HumanText.Count(dropped, "object")} removed; the present state is saved first.");
    }

    private static string Action(RestoreAction action) => action switch
    {
        RestoreAction.Create => "create",
        RestoreAction.Recreate => "replace",
        RestoreAction.Refill => "refill",
        _ => "remove",
    };
}
