using MetisBackup.App.Output;
using MetisBackup.Core.Planning;

namespace MetisBackup.App.Commands;

/// <summary>A restore plan as people read it before they say yes.</summary>
internal static class PlanText
{
    /// <summary>Of the table of steps.</summary>
    public static IReadOnlyList<Column> Columns { get; } =
        [new("ACTION"), new("WHAT"), new("NAME"), new("NOW", IsNumber: true), new("THEN", IsNumber: true), new("CHANGES"), new("WHY")];

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
        step.Changes is { } changes ? Changes(changes) : "",
        step.Reason,
    });

    /// <summary>What was done to how many collections, in half a sentence.</summary>
    public static string Summary(RestorePlan plan)
    {
        var collections = plan.Steps.Where(static step => step.Kind == RestoreObject.Collection).ToList();
        int Of(params RestoreAction[] actions) => collections.Count(step => actions.Contains(step.Action));
        var parts = new (int Count, string Verb)[]
        {
            (Of(RestoreAction.Keep), "kept"),
            (Of(RestoreAction.Update), "changed in place"),
            (Of(RestoreAction.Create, RestoreAction.Recreate, RestoreAction.Refill), "loaded"),
            (Of(RestoreAction.Drop), "removed"),
        };
        return "collections: " + string.Join(", ", parts.Where(static part => part.Count > 0).Select(static part => $"{HumanText.Count(part.Count)} {part.Verb}"));
    }

    /// <summary>What cannot be taken back.</summary>
    public static string Question(RestorePlan plan)
    {
        if (plan.CreatesDatabase)
        {
            return HumanText.Printable($"Database {plan.Database} will be made.");
        }

        if (plan.ChangesNothing)
        {
            return HumanText.Printable($"Database {plan.Database} is equal to the snapshot: nothing will be changed.");
        }

        var lost = plan.Steps.Sum(static step => step.Lost);
        var dropped = plan.Steps.Count(static step => step.Action == RestoreAction.Drop);
        return HumanText.Printable($"{HumanText.Count(lost, "document")} of database {plan.Database} will be replaced and {HumanText.Count(dropped, "object")} removed; the present state is saved first.");
    }

    private static string Changes(DocumentChanges changes) => string.Join(' ', new (long Count, char Sign)[]
    {
        (changes.Added, '+'), (changes.Removed, '-'), (changes.Changed, '~'),
    }.Where(static part => part.Count > 0).Select(static part => part.Sign + HumanText.Count(part.Count)));

    private static string Action(RestoreAction action) => action switch
    {
        RestoreAction.Create => "create",
        RestoreAction.Keep => "keep",
        RestoreAction.Update => "update",
        RestoreAction.Recreate => "replace",
        RestoreAction.Refill => "refill",
        _ => "remove",
    };
}
