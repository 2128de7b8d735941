using System.Globalization;
using MetisBackup.App.Operations.Watching;
using MetisBackup.Core.Naming;
using MetisBackup.Core.Snapshots;
using MetisBackup.Storage.Store;

namespace MetisBackup.App.Operations.Examining;

/// <summary>Whether a store can be written, is private, has room, and holds nothing that is half done.</summary>
/// <param name="place">The store.</param>
/// <param name="limits">How much room there must be.</param>
/// <param name="clock">The time.</param>
internal sealed class StoreExamination(StorePlace place, StatusLimits limits, TimeProvider clock) : IExamination
{
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(5);
    private readonly StorePlace _place = place;
    private readonly StatusLimits _limits = limits;
    private readonly TimeProvider _clock = clock;

    /// <inheritdoc/>
    public string Area => ExaminedArea.Store;

    /// <inheritdoc/>
    public string Subject => _place.Place;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> RunAsync(bool fix, CancellationToken cancellationToken)
    {
        var store = _place.Open();
        return await ExaminedParts.LookAsync(
            () => Task.FromResult(Rights(store.Path, fix)),
            () => Task.FromResult(Links(store.Path)),
            () => Task.FromResult(Owners(store.Path)),
            () => Task.FromResult(Leftovers(store, fix)),
            () => Task.FromResult(Points(store)),
            () => Task.FromResult(Strangers()),
            () => Task.FromResult(Unfinished(store)),
            async () => Room(await _place.ReadSpaceAsync(cancellationToken), _limits, "metis-backup cleanup --dry-run"));
    }

    /// <summary>Too little room.</summary>
    public static IEnumerable<Finding> Room(SpaceStatus space, StatusLimits limits, string mend)
    {
        if (space.FreePercent < limits.FreeWarningPercent)
        {
            var severity = space.FreePercent < limits.FreeCriticalPercent ? FindingSeverity.Problem : FindingSeverity.Warning;
            yield return new Finding(severity, string.Create(CultureInfo.InvariantCulture, $"{space.FreePercent:0.#} % of {space.Place} are free."), mend);
        }
    }

    private static IEnumerable<Finding> Rights(string path, bool fix)
    {
        if (StoreProbe.IsOpenToOthers(path, StoreProbe.Everything))
        {
            yield return new Finding(FindingSeverity.Warning, $"Every account of the machine can look into the store '{path}'.", $"chmod o-rwx {ShellWord.Of(path)}") { Fixed = fix && StoreProbe.TryCloseToOthers(path, StoreProbe.Everything) };
        }
    }

    private static IEnumerable<Finding> Links(string path)
    {
        if (!StoreProbe.TryLink(path))
        {
            yield return new Finding(FindingSeverity.Warning, $"The file system of '{path}' has no hard links: every snapshot holds a copy of all that did not change.", "move the store to a file system that has them, such as ext4, XFS or ZFS");
        }
    }

    private static IEnumerable<Finding> Owners(string path)
    {
        var foreign = StoreProbe.FindForeign(path);
        if (foreign.Count > 0)
        {
            var rest = foreign.Count == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" and {foreign.Count - 1} more");
            yield return new Finding(
                FindingSeverity.Warning, $"{QuotedName.Of(foreign[0])}{rest} in '{path}' belong to another account than the store, which may not be able to remove them.", $"chown -R --reference={ShellWord.Of(path)} {ShellWord.Of(path)}");
        }
    }

    private static IEnumerable<Finding> Leftovers(SnapshotStore store, bool fix)
    {
        var names = fix ? store.RemoveLeftovers() : store.FindLeftovers();
        return names.Select(name => new Finding(FindingSeverity.Warning, $"{name} in '{store.Path}' was left behind by a run that was killed.", "metis-backup doctor --fix") { Fixed = fix });
    }

    private IEnumerable<Finding> Points(SnapshotStore store)
    {
        foreach (var entry in store.List(database: null))
        {
            var name = QuotedName.Of(entry.Name);
            if (entry.State == SnapshotState.Leftover)
            {
                yield return new Finding(FindingSeverity.Warning, $"{name} was {entry.Problem}.", $"metis-backup delete {ShellWord.Of(entry.Name)} --force");
            }
            else if (entry.State == SnapshotState.Damaged)
            {
                yield return new Finding(FindingSeverity.Problem, $"Snapshot {name} is damaged: {entry.Problem}.", $"metis-backup verify {ShellWord.Of(entry.Name)}; when nothing can be saved: metis-backup delete {ShellWord.Of(entry.Name)}");
            }
            else if (entry.CreatedAt > _clock.GetUtcNow() + ClockTolerance)
            {
                yield return new Finding(FindingSeverity.Warning, $"Snapshot {name} is dated in the future: a clock is or was wrong.", "timedatectl set-ntp true");
            }
        }
    }

    /// <summary>Nobody cleans up after a server that was set up anew, or is no longer configured.</summary>
    private IEnumerable<Finding> Strangers() => _place.CountStrangers().Select(one => new Finding(
        FindingSeverity.Note,
        string.Create(CultureInfo.InvariantCulture, $"{one.Count} {(one.Count == 1 ? "snapshot" : "snapshots")} of database {QuotedName.Of(_place.Subject)} in '{_place.Place}' {(one.Count == 1 ? "is" : "are")} of {one.Name}, which is the server of no target: no schedule removes any of them."),
        $"metis-backup cleanup --dry-run --explain --database {ShellWord.Of(_place.Subject)}"));

    private static IEnumerable<Finding> Unfinished(SnapshotStore store) =>
    [
        .. RestoreJournal.FindUnfinished(store).Select(static one => new Finding(
            FindingSeverity.Problem, $"A restore of database {QuotedName.Of(one.Database)} from {one.Snapshot} did not end: the database is between two states.", "metis-backup list names the command that finishes it")),
        .. RestoreJournal.FindDamaged(store).Select(static path => new Finding(
            FindingSeverity.Problem, $"The journal of a restore, '{path}', cannot be read: a database may be between two states.", $"restore that database again, then: rm {ShellWord.Of(path)}")),
    ];
}
