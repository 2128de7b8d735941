namespace MetisBackup.Core.Planning;

/// <summary>Decides how a database becomes equal to a snapshot.</summary>
/// <param name="goal">What is to be restored and where.</param>
/// <param name="snapshot">What the snapshot holds.</param>
/// <param name="live">What the database holds.</param>
/// <param name="comparison">How they differ.</param>
public sealed class RestorePlanner(RestoreGoal goal, DatabaseContents snapshot, DatabaseContents live, DatabaseComparison comparison)
{
    private const string UnknownReason = "the snapshot does not know it";

    private readonly List<RestoreStep> _steps = [];
    private readonly IReadOnlySet<string> _changedAnalyzers = ChangedAnalyzers.Find(goal, snapshot, live);
    private readonly Dictionary<string, long> _present = live.Collections.ToDictionary(static one => one.Name, static one => one.Documents, StringComparer.Ordinal);

    private bool IsPartial => goal.Only.Count > 0;

    /// <summary>
    /// The steps in the order in which they are safe: views give up their collections, system collections are filled first because they
    /// hold the graphs that protect collections, what is unknown is removed before names are used again (arangodb-protocol 8.7).
    /// </summary>
    /// <exception cref="Errors.MetisException">Refused: only some collections are meant, and something that is to stay stands in the way.</exception>
    public static RestorePlan Plan(RestoreGoal goal, DatabaseContents snapshot, DatabaseContents live, DatabaseComparison comparison) =>
        new RestorePlanner(goal, snapshot, live, comparison).Run();

    /// <summary>The collections that a goal asks for, of those that a snapshot holds.</summary>
    public static IEnumerable<CollectionFacts> Wanted(RestoreGoal goal, DatabaseContents snapshot) => snapshot.Collections.Where(one => goal.Only.Count > 0
        ? goal.Only.Contains(one.Name, StringComparer.Ordinal)
        : SystemCollections.CanBeRestoredInto(one.Name, goal.Database));

    /// <summary>The system collection whose documents are things of this kind.</summary>
    public static string CollectionOf(RestoreObject kind) => kind switch
    {
        RestoreObject.Graph => SystemCollections.Graphs,
        RestoreObject.Analyzer => SystemCollections.Analyzers,
        RestoreObject.Function => SystemCollections.Functions,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Only graphs, analyzers and functions are documents."),
    };

    private RestorePlan Run()
    {
        var wanted = Wanted(goal, snapshot).ToList();
        var decided = wanted.ConvertAll(Decide);
        if (!IsPartial)
        {
            AddUnknownViews();
        }

        AddCollections(decided.Where(static step => step.Name[0] == '_'));
        if (!IsPartial)
        {
            AddUnknownCollections(decided.Select(static step => step.RenamedFrom).OfType<string>().ToHashSet(StringComparer.Ordinal));
        }

        AddCollections(decided.Where(static step => step.Name[0] != '_'));
        AddViews(decided.ToDictionary(static step => step.Name, StringComparer.Ordinal));
        AddDefinitions(wanted);
        AddBrokenGraphs();
        if (IsPartial)
        {
            new PartialRestoreCheck(goal, snapshot, live, comparison).Require(_steps);
        }

        return new RestorePlan
        {
            Snapshot = goal.Snapshot,
            Database = goal.Database,
            CreatesDatabase = !goal.TargetExists,
            Partial = IsPartial,
            Steps = _steps,
        };
    }

    private RestoreStep Decide(CollectionFacts collection)
    {
        var difference = comparison.Collections.GetValueOrDefault(collection.Name);
        var exists = _present.TryGetValue(difference?.LiveName ?? collection.Name, out var liveDocuments);
        if (!exists)
        {
            return new RestoreStep(RestoreAction.Create, RestoreObject.Collection, collection.Name, collection.Documents, 0) { Reason = "it is missing" };
        }

        difference ??= new CollectionDifference { Name = collection.Name, LiveName = collection.Name };
        var decision = RestoreDecision.For(difference, collection.Documents, goal.Full);
        var isRenamed = difference.Name != difference.LiveName;
        if (decision.Way == RestoreWay.Full && isRenamed)
        {
            return new RestoreStep(RestoreAction.Create, RestoreObject.Collection, collection.Name, collection.Documents, 0) { Reason = "it is missing" };
        }

        var action = decision.Way switch
        {
            RestoreWay.Keep => RestoreAction.Keep,
            RestoreWay.Delta => RestoreAction.Update,
            _ => collection.IsSystem ? RestoreAction.Refill : RestoreAction.Recreate,
        };
        return new RestoreStep(action, RestoreObject.Collection, collection.Name, collection.Documents, liveDocuments)
        {
            Reason = decision.Reason,
            Changes = decision.Changes,
            RenamedFrom = isRenamed ? difference.LiveName : null,
            StaleIndexes = action == RestoreAction.Update ? difference.StaleIndexes : [],
        };
    }

    private void AddUnknownViews()
    {
        var known = snapshot.Views.Select(static view => view.Name).ToHashSet(StringComparer.Ordinal);
        _steps.AddRange(live.Views
            .Where(view => !known.Contains(view.Name))
            .OrderByDescending(static view => view.IsAlias)
            .ThenBy(static view => view.Name, StringComparer.Ordinal)
            .Select(static view => Unknown(RestoreObject.View, view.Name, 0)));
    }

    private void AddCollections(IEnumerable<RestoreStep> decided)
    {
        var edges = snapshot.Collections.Where(static one => one.IsEdge).Select(static one => one.Name).ToHashSet(StringComparer.Ordinal);
        _steps.AddRange(decided.OrderBy(step => edges.Contains(step.Name)).ThenBy(static step => step.Name, StringComparer.Ordinal));
    }

    private void AddUnknownCollections(HashSet<string> renamed)
    {
        var known = snapshot.Collections.Select(static one => one.Name).ToHashSet(StringComparer.Ordinal);
        var unknown = live.Collections.Where(one => !known.Contains(one.Name) && !renamed.Contains(one.Name) && !snapshot.Leaves(one.Name));
        foreach (var collection in unknown
            .OrderByDescending(static one => SystemCollections.HoldsDefinitions(one.Name))
            .ThenByDescending(static one => one.IsEdge)
            .ThenBy(static one => one.Name, StringComparer.Ordinal))
        {
            if (!SystemCollections.HoldsDefinitions(collection.Name))
            {
                _steps.Add(Unknown(RestoreObject.Collection, collection.Name, collection.Documents));
            }
            else if (collection.Documents > 0)
            {
                _steps.Add(Unknown(RestoreObject.Collection, collection.Name, collection.Documents) with { Action = RestoreAction.Refill });
            }
        }
    }

    /// <summary>
    /// All views of the snapshot; with some collections only, those of the database that would lose what they know about one of them, and
    /// those that an unfinished restore took away.
    /// </summary>
    private void AddViews(Dictionary<string, RestoreStep> collections)
    {
        var present = live.Views.Select(static view => view.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var view in (IsPartial ? live.Views.Concat(live.LostViews) : snapshot.Views).OrderBy(static view => view.IsAlias).ThenBy(static view => view.Name, StringComparer.Ordinal))
        {
            var lost = LossOf(view, collections);
            var (action, reason) = !present.Contains(view.Name) ? (RestoreAction.Create, IsPartial ? "an unfinished restore took it away" : "it is missing")
                : goal.Full && !IsPartial ? (RestoreAction.Recreate, "a full restore was asked for")
                : !IsPartial && !comparison.EqualViews.Contains(view.Name) ? (RestoreAction.Recreate, "its definition differs")
                : lost is not null ? (RestoreAction.Recreate, lost)
                : (RestoreAction.Keep, "equal to the snapshot");
            if (action != RestoreAction.Keep || !IsPartial)
            {
                _steps.Add(new RestoreStep(action, RestoreObject.View, view.Name, 0, 0) { Reason = reason });
            }
        }
    }

    /// <summary>Why a view has to be made again although its definition stays; null when it need not.</summary>
    private string? LossOf(ViewFacts view, Dictionary<string, RestoreStep> collections)
    {
        foreach (var name in view.Collections)
        {
            if (collections.TryGetValue(name, out var step) && !step.Stays)
            {
                return $"collection {name} is made anew";
            }

            if (view.IsAlias && comparison.Collections.GetValueOrDefault(name) is { IndexesChange: true })
            {
                return $"an index of collection {name} is made anew";
            }
        }

        return view.Analyzers.FirstOrDefault(_changedAnalyzers.Contains) is { } analyzer ? $"analyzer {analyzer} is made anew" : null;
    }

    /// <summary>They come and go with the documents of their collection; the steps tell people what that means.</summary>
    private void AddDefinitions(List<CollectionFacts> wanted)
    {
        var before = live.Definitions.ToDictionary(static one => (one.Kind, one.Name), static one => one.Fingerprint);
        var after = snapshot.Definitions.ToDictionary(static one => (one.Kind, one.Name), static one => one.Fingerprint);
        var names = before.Keys.Union(after.Keys)
            .Where(name => IsPartial ? wanted.Exists(one => one.Name == CollectionOf(name.Kind)) : !snapshot.Leaves(CollectionOf(name.Kind)))
            .OrderBy(static name => name.Kind)
            .ThenBy(static name => name.Name, StringComparer.Ordinal);
        foreach (var name in names)
        {
            var (wasThere, willBe) = (before.TryGetValue(name, out var old), after.TryGetValue(name, out var fresh));
            if (old != fresh)
            {
                var (action, reason) = !willBe ? (RestoreAction.Drop, UnknownReason)
                    : wasThere ? (RestoreAction.Recreate, "its definition differs")
                    : (RestoreAction.Create, "it is missing");
                _steps.Add(new RestoreStep(action, name.Kind, name.Name, 0, 0) { Reason = reason });
            }
        }
    }

    /// <summary>Graphs of which nothing is known stay, but not without their collections, which they would keep from being removed.</summary>
    private void AddBrokenGraphs()
    {
        if (IsPartial || !snapshot.IsUnknown(SystemCollections.Graphs))
        {
            return;
        }

        var gone = _steps.Where(static step => step is { Kind: RestoreObject.Collection, Action: RestoreAction.Drop }).Select(static step => step.Name).ToHashSet(StringComparer.Ordinal);
        _steps.AddRange(live.Definitions
            .Where(one => one.Kind == RestoreObject.Graph && one.Collections.Any(gone.Contains))
            .OrderBy(static one => one.Name, StringComparer.Ordinal)
            .Select(static one => new RestoreStep(RestoreAction.Drop, RestoreObject.Graph, one.Name, 0, 0) { Reason = "collections of it are removed" }));
    }

    private static RestoreStep Unknown(RestoreObject kind, string name, long documents) =>
        new(RestoreAction.Drop, kind, name, 0, documents) { Reason = UnknownReason };
}
