using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;

namespace MetisBackup.Core.Planning;

/// <summary>
/// Refuses a plan for some collections that the server could not carry out to the end, because of something that is not part of it and
/// stays as it is. To be asked before anything is touched.
/// </summary>
/// <param name="goal">What is to be restored.</param>
/// <param name="snapshot">What the snapshot holds.</param>
/// <param name="live">What the database holds.</param>
/// <param name="comparison">How they differ.</param>
internal sealed class PartialRestoreCheck(RestoreGoal goal, DatabaseContents snapshot, DatabaseContents live, DatabaseComparison comparison)
{
    private readonly HashSet<string> _chosen = goal.Only.ToHashSet(StringComparer.Ordinal);
    private readonly IReadOnlySet<string> _changed = ChangedAnalyzers.Find(goal, snapshot, live);

    private bool ReplacesAnalyzers => _chosen.Contains(SystemCollections.Analyzers);

    /// <summary>Passes a plan that can be carried out.</summary>
    /// <exception cref="MetisException">Refused, with what is in the way and the way out.</exception>
    public void Require(IReadOnlyList<RestoreStep> steps)
    {
        var lacking = Names(ReplacesAnalyzers ? live : snapshot).Except(Names(ReplacesAnalyzers ? snapshot : live), StringComparer.Ordinal).ToHashSet(StringComparer.Ordinal);
        RequireFreeNames(steps);
        foreach (var step in steps.Where(static one => one.Kind == RestoreObject.Collection))
        {
            RequireAnalyzers(step, lacking);
        }

        var made = steps.Where(static one => one.Kind == RestoreObject.View).Select(static one => one.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var view in live.Views.Concat(live.LostViews))
        {
            if (made.Contains(view.Name))
            {
                RequireIndexes(view);
            }

            if ((ReplacesAnalyzers || made.Contains(view.Name)) && view.Analyzers.FirstOrDefault(lacking.Contains) is { } analyzer)
            {
                throw Refusal(
                    $"view {QuotedName.Of(view.Name)} uses analyzer {QuotedName.Of(analyzer)}, which {(ReplacesAnalyzers ? "the snapshot does not know" : "is gone")}",
                    "remove the view first");
            }
        }

        if (ReplacesAnalyzers)
        {
            RequireIndependence(lacking);
        }
    }

    private static IEnumerable<string> Names(DatabaseContents contents) =>
        contents.Definitions.Where(static one => one.Kind == RestoreObject.Analyzer).Select(static one => one.Name);

    /// <summary>Collections and views share their names.</summary>
    private void RequireFreeNames(IReadOnlyList<RestoreStep> steps)
    {
        foreach (var step in steps.Where(static one => one.Action == RestoreAction.Create))
        {
            if (step.Kind == RestoreObject.Collection && live.Views.Any(view => view.Name == step.Name))
            {
                throw Refusal($"collection {QuotedName.Of(step.Name)} is missing and a view has its name now", "rename or remove that view first");
            }

            if (step.Kind == RestoreObject.View && live.Collections.Any(one => one.Name == step.Name))
            {
                throw Refusal(
                    $"view {QuotedName.Of(step.Name)}, which an unfinished restore took away, has to come back and a collection has its name now",
                    "rename or remove that collection first");
            }
        }
    }

    /// <summary>The indexes that a collection gets need their analyzers.</summary>
    private void RequireAnalyzers(RestoreStep step, HashSet<string> lacking)
    {
        var makesIndexes = step.Action switch
        {
            RestoreAction.Keep or RestoreAction.Drop => false,
            RestoreAction.Update => comparison.Collections.GetValueOrDefault(step.Name) is { IndexesChange: true },
            _ => true,
        };
        if (makesIndexes && !ReplacesAnalyzers
            && Find(SearchIndexes(snapshot, step.Name), lacking) is { } found)
        {
            throw Refusal(
                $"index {QuotedName.Of(found.Index)} of collection {QuotedName.Of(step.Name)} needs analyzer {QuotedName.Of(found.Analyzer)}, which is gone",
                $"restore the analyzers too, with --collection {SystemCollections.Analyzers}");
        }
    }

    private void RequireIndexes(ViewFacts view)
    {
        foreach (var name in view.Collections.Where(name => !_chosen.Contains(name) && live.Collections.All(one => one.Name != name)))
        {
            throw Refusal($"view {QuotedName.Of(view.Name)} has to be made again, and its collection {QuotedName.Of(name)} is gone", $"restore that one too, with --collection {ShellWord.Of(name)}");
        }

        foreach (var (collection, index) in view.Indexes)
        {
            var isChosen = _chosen.Contains(collection);
            if (SearchIndexes(isChosen ? snapshot : live, collection).All(one => one.Name != index))
            {
                throw Refusal(
                    $"view {QuotedName.Of(view.Name)} is made of index {QuotedName.Of(index)} of collection {QuotedName.Of(collection)}, {(isChosen ? "which the snapshot does not know" : "which is gone")}",
                    "take that index out of the view, or remove the view, first");
            }
        }
    }

    /// <summary>Analyzers that become others, or go, must not be what collections use that stay as they are.</summary>
    private void RequireIndependence(HashSet<string> lacking)
    {
        foreach (var collection in live.Collections.Where(one => !_chosen.Contains(one.Name)))
        {
            if (Find(collection.SearchIndexes, lacking) is { } user)
            {
                throw Refusal(
                    $"index {QuotedName.Of(user.Index)} of collection {QuotedName.Of(collection.Name)} uses analyzer {QuotedName.Of(user.Analyzer)}, which the snapshot does not know",
                    "remove that index first");
            }

            if (Find(collection.SearchIndexes, _changed) is { } stale)
            {
                throw Refusal(
                    $"index {QuotedName.Of(stale.Index)} of collection {QuotedName.Of(collection.Name)} uses analyzer {QuotedName.Of(stale.Analyzer)}, which becomes another one",
                    $"restore that collection too, with --collection {ShellWord.Of(collection.Name)}");
            }
        }
    }

    private static IReadOnlyList<SearchIndexFacts> SearchIndexes(DatabaseContents contents, string collection) =>
        contents.Collections.FirstOrDefault(one => one.Name == collection)?.SearchIndexes ?? [];

    private static (string Index, string Analyzer)? Find(IReadOnlyList<SearchIndexFacts> indexes, IReadOnlySet<string> analyzers)
    {
        foreach (var index in indexes)
        {
            if (index.Analyzers.FirstOrDefault(analyzers.Contains) is { } analyzer)
            {
                return (index.Name, analyzer);
            }
        }

        return null;
    }

    private MetisException Refusal(string obstacle, string wayOut) => new(
        ErrorCode.Refused,
        $"Only some collections of database {QuotedName.Of(goal.Database)} were to be restored, but {obstacle}; nothing was changed.",
        $"{wayOut}, or restore the whole database");
}
