namespace MetisBackup.Core.Planning;

/// <summary>Decides how a database becomes equal to a snapshot.</summary>
public static class RestorePlanner
{
    /// <summary>
    /// The steps in the order in which they are safe: views give up their collections, system collections are filled first because they
    /// hold the graphs that protect collections, what is unknown is removed before names are used again (arangodb-protocol 8.7).
    /// </summary>
    public static RestorePlan Plan(RestoreGoal goal, DatabaseContents snapshot, DatabaseContents live)
    {
        var partial = goal.Only.Count > 0;
        var wanted = snapshot.Collections
            .Where(collection => partial ? goal.Only.Contains(collection.Name, StringComparer.Ordinal) : SystemCollections.CanBeRestoredInto(collection.Name, goal.Database))
            .ToList();
        var steps = new List<RestoreStep>();
        if (!partial)
        {
            AddUnknownViews(steps, snapshot, live);
        }

        AddCollections(steps, wanted.Where(static one => one.IsSystem), live);
        if (!partial)
        {
            AddUnknownCollections(steps, snapshot, live);
        }

        AddCollections(steps, wanted.Where(static one => !one.IsSystem), live);
        AddViews(steps, partial ? Touched(live, wanted) : snapshot.Views, live);
        AddDefinitions(steps, wanted, snapshot, live, partial);
        return new RestorePlan
        {
            Snapshot = goal.Snapshot,
            Database = goal.Database,
            CreatesDatabase = !goal.TargetExists,
            Partial = partial,
            Steps = steps,
        };
    }

    /// <summary>Views lose what they know about a collection when it is replaced, so those that look at one are made again as they are.</summary>
    private static IEnumerable<ViewFacts> Touched(DatabaseContents live, List<CollectionFacts> wanted)
    {
        var replaced = wanted.Select(static one => one.Name).ToHashSet(StringComparer.Ordinal);
        return live.Views.Where(view => view.Collections.Any(replaced.Contains));
    }

    private static void AddUnknownViews(List<RestoreStep> steps, DatabaseContents snapshot, DatabaseContents live)
    {
        var known = snapshot.Views.Select(static view => view.Name).ToHashSet(StringComparer.Ordinal);
        steps.AddRange(live.Views
            .Where(view => !known.Contains(view.Name))
            .OrderByDescending(static view => view.IsAlias)
            .ThenBy(static view => view.Name, StringComparer.Ordinal)
            .Select(static view => new RestoreStep(RestoreAction.Drop, RestoreObject.View, view.Name, 0, 0)));
    }

    private static void AddCollections(List<RestoreStep> steps, IEnumerable<CollectionFacts> wanted, DatabaseContents live)
    {
        var present = live.Collections.ToDictionary(static one => one.Name, static one => one.Documents, StringComparer.Ordinal);
        foreach (var collection in wanted.OrderBy(static one => one.IsEdge).ThenBy(static one => one.Name, StringComparer.Ordinal))
        {
            var exists = present.TryGetValue(collection.Name, out var liveDocuments);
            var action = !exists ? RestoreAction.Create : collection.IsSystem ? RestoreAction.Refill : RestoreAction.Recreate;
            steps.Add(new RestoreStep(action, RestoreObject.Collection, collection.Name, collection.Documents, liveDocuments));
        }
    }

    private static void AddUnknownCollections(List<RestoreStep> steps, DatabaseContents snapshot, DatabaseContents live)
    {
        var known = snapshot.Collections.Select(static one => one.Name).ToHashSet(StringComparer.Ordinal);
        var unknown = live.Collections.Where(one => !known.Contains(one.Name) && !SystemCollections.IsPrivate(one.Name));
        foreach (var collection in unknown
            .OrderByDescending(static one => SystemCollections.HoldsDefinitions(one.Name))
            .ThenByDescending(static one => one.IsEdge)
            .ThenBy(static one => one.Name, StringComparer.Ordinal))
        {
            if (!SystemCollections.HoldsDefinitions(collection.Name))
            {
                steps.Add(new RestoreStep(RestoreAction.Drop, RestoreObject.Collection, collection.Name, 0, collection.Documents));
            }
            else if (collection.Documents > 0)
            {
                steps.Add(new RestoreStep(RestoreAction.Refill, RestoreObject.Collection, collection.Name, 0, collection.Documents));
            }
        }
    }

    private static void AddViews(List<RestoreStep> steps, IEnumerable<ViewFacts> wanted, DatabaseContents live)
    {
        var present = live.Views.Select(static view => view.Name).ToHashSet(StringComparer.Ordinal);
        steps.AddRange(wanted
            .OrderBy(static view => view.IsAlias)
            .ThenBy(static view => view.Name, StringComparer.Ordinal)
            .Select(view => new RestoreStep(
                present.Contains(view.Name) ? RestoreAction.Recreate : RestoreAction.Create, RestoreObject.View, view.Name, 0, 0)));
    }

    /// <summary>They come and go with the documents of their collection; the steps tell people what that means.</summary>
    private static void AddDefinitions(
        List<RestoreStep> steps, List<CollectionFacts> wanted, DatabaseContents snapshot, DatabaseContents live, bool partial)
    {
        var before = live.Definitions.ToDictionary(static one => (one.Kind, one.Name), static one => one.Fingerprint);
        var after = snapshot.Definitions.ToDictionary(static one => (one.Kind, one.Name), static one => one.Fingerprint);
        var names = before.Keys.Union(after.Keys)
            .Where(name => !partial || wanted.Exists(one => one.Name == CollectionOf(name.Kind)))
            .OrderBy(static name => name.Kind)
            .ThenBy(static name => name.Name, StringComparer.Ordinal);
        foreach (var name in names)
        {
            var (wasThere, willBe) = (before.TryGetValue(name, out var old), after.TryGetValue(name, out var fresh));
            if (old != fresh)
            {
                var action = !willBe ? RestoreAction.Drop : wasThere ? RestoreAction.Recreate : RestoreAction.Create;
                steps.Add(new RestoreStep(action, name.Kind, name.Name, 0, 0));
            }
        }
    }

    /// <summary>The system collection whose documents are things of this kind.</summary>
    public static string CollectionOf(RestoreObject kind) => kind switch
    {
        RestoreObject.Graph => SystemCollections.Graphs,
        RestoreObject.Analyzer => SystemCollections.Analyzers,
        RestoreObject.Function => SystemCollections.Functions,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Only graphs, analyzers and functions are documents."),
    };
}
