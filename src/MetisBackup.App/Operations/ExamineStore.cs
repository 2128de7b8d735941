using MetisBackup.App.Operations.Inspecting;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;
using MetisBackup.Core.Snapshots;
using MetisBackup.Storage.Store;

namespace MetisBackup.App.Operations;

/// <summary>What <see cref="ExamineStore"/> needs.</summary>
/// <param name="StorePath">Root directory of the snapshot store.</param>
/// <param name="Fix">Remove what runs that were killed left behind.</param>
internal sealed record ExamineStoreRequest(string StorePath, bool Fix);

/// <summary>Looks at a store for what needs a person, and removes what does not.</summary>
internal sealed class ExamineStore(TimeProvider clock)
{
    private readonly TimeProvider _clock = clock;

    /// <summary>Runs the operation.</summary>
    /// <exception cref="MetisException">2 the store is a file, 10 there is no store, 12 it cannot be read.</exception>
    public Task<IReadOnlyList<Finding>> RunAsync(ExamineStoreRequest request, CancellationToken cancellationToken) =>
        Task.Run(() => Run(request), cancellationToken);

    private IReadOnlyList<Finding> Run(ExamineStoreRequest request)
    {
        var store = SnapshotStore.Open(request.StorePath, _clock, createIfMissing: false);
        var leftovers = request.Fix ? store.RemoveLeftovers() : store.FindLeftovers();
        return
        [
            .. leftovers.Select(name => new Finding($"{QuotedName.Of(name)} in the store was left behind by a run that was killed.", "metis-backup doctor --fix", request.Fix)),
            .. store.List(database: null).Select(Judge).OfType<Finding>(),
            .. SnapshotSummaries.Unfinished(store).Select(static one => new Finding(
                $"A restore of {QuotedName.Of(one.Database)} to {one.Snapshot} did not end.", "metis-backup list, which tells how to finish it or to go back", Fixed: false)),
            .. RestoreJournal.FindDamaged(store).Select(static path => new Finding(
                $"The journal of a restore, '{path}', can no longer be read.", "look whether that restore ended; then remove the file", Fixed: false)),
        ];
    }

    private static Finding? Judge(SnapshotEntry entry) => entry.State switch
    {
        SnapshotState.Damaged => new Finding($"Snapshot {QuotedName.Of(entry.Name)} is damaged: {entry.Problem}.", $"metis-backup verify {ShellWord.Of(entry.Name)}", Fixed: false),
        SnapshotState.Leftover => new Finding($"{QuotedName.Of(entry.Name)} was {entry.Problem}.", $"metis-backup delete {ShellWord.Of(entry.Name)} --force", Fixed: false),
        _ => null,
    };
}
