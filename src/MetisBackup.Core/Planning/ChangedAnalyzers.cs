namespace MetisBackup.Core.Planning;

/// <summary>Finds the analyzers that a restore makes or makes otherwise: what was built with them before is of no use after it.</summary>
public static class ChangedAnalyzers
{
    /// <summary>Their names; none when the restore leaves analyzers alone.</summary>
    /// <param name="goal">What is to be restored.</param>
    /// <param name="snapshot">What the snapshot holds.</param>
    /// <param name="live">What the database holds.</param>
    public static IReadOnlySet<string> Find(RestoreGoal goal, DatabaseContents snapshot, DatabaseContents live)
    {
        var present = live.Definitions.ToHashSet();
        return RestorePlanner.Wanted(goal, snapshot).Any(static one => one.Name == SystemCollections.Analyzers)
            ? snapshot.Definitions.Where(one => one.Kind == RestoreObject.Analyzer && !present.Contains(one)).Select(static one => one.Name).ToHashSet(StringComparer.Ordinal)
            : new HashSet<string>(StringComparer.Ordinal);
    }
}
