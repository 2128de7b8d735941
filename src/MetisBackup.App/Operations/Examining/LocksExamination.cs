using MetisBackup.Storage.Store;

namespace MetisBackup.App.Operations.Examining;

/// <summary>Whether runs died that had a lock.</summary>
/// <param name="stores">Root directories of stores.</param>
/// <param name="states">State directories.</param>
/// <param name="files">Directories of bulk files.</param>
/// <param name="clock">The time.</param>
internal sealed class LocksExamination(IReadOnlyList<string> stores, IReadOnlyList<string> states, IReadOnlyList<string> files, TimeProvider clock) : IExamination
{
    private readonly IReadOnlyList<string> _stores = stores;
    private readonly IReadOnlyList<string> _states = states;
    private readonly IReadOnlyList<string> _files = files;
    private readonly TimeProvider _clock = clock;

    /// <inheritdoc/>
    public string Area => ExaminedArea.Locks;

    /// <inheritdoc/>
    public string Subject => "The locks";

    /// <inheritdoc/>
    public Task<IReadOnlyList<Finding>> RunAsync(bool fix, CancellationToken cancellationToken) => ExaminedParts.LookAsync(
    [
        .. Places(_stores, StaleLocks.OfStore, fix),
        .. Places(_states, StaleLocks.OfState, fix),
        .. Places(_files, StaleLocks.OfFiles, fix),
    ]);

    /// <summary>One part for each place: where one cannot be looked into, the locks of the others are told all the same.</summary>
    private IEnumerable<Func<Task<IEnumerable<Finding>>>> Places(IReadOnlyList<string> places, Func<string, IReadOnlyList<StaleLock>> find, bool fix)
    {
        foreach (var place in places)
        {
            yield return () => Task.FromResult(find(place).Select(stale => Tell(stale, fix)));
        }
    }

    private Finding Tell(StaleLock stale, bool fix) =>
        new(FindingSeverity.Warning, $"The lock '{stale.Path}' is left of a run that died: {stale.Owner}. The next run takes it over.", "metis-backup doctor --fix") { Fixed = fix && StaleLocks.TryRelease(stale, _clock) };
}
