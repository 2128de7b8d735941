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
    public Task<IReadOnlyList<Finding>> RunAsync(bool fix, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Finding>>(
    [
        .. _stores.SelectMany(StaleLocks.OfStore).Concat(_states.SelectMany(StaleLocks.OfState)).Concat(_files.SelectMany(StaleLocks.OfFiles)).Select(stale => new Finding(
            FindingSeverity.Warning, $"The lock '{stale.Path}' is left of a run that died: {stale.Owner}. The next run takes it over.", "metis-backup doctor --fix") { Fixed = fix && StaleLocks.TryRelease(stale, _clock) }),
    ]);
}
