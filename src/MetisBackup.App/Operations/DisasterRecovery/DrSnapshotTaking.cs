using System.Globalization;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;

namespace MetisBackup.App.Operations.DisasterRecovery;

/// <summary>A snapshot that was taken, confirmed by ZFS's own listing.</summary>
/// <param name="FullName"><c>dataset@name</c>.</param>
/// <param name="Identity">ZFS's guid.</param>
/// <param name="TakenAt">When.</param>
internal sealed record TakenSnapshot(string FullName, ulong Identity, DateTimeOffset TakenAt);

/// <summary>Takes a snapshot under a name that is free, marks it as ours from its first moment on, and looks whether it is there.</summary>
/// <param name="tools">The tools.</param>
internal sealed class DrSnapshotTaking(DrTools tools)
{
    private readonly DrTools _tools = tools;

    /// <summary>Takes it.</summary>
    /// <param name="label">A label.</param>
    /// <param name="recursive">Of all data sets below in the same moment.</param>
    /// <param name="attempts">How many names to try when a second has several.</param>
    /// <param name="cancellationToken">Ends the command; the snapshot may have been taken.</param>
    /// <exception cref="MetisException">12, 16, 17: as ZFS says. 15: no name is free.</exception>
    public async Task<TakenSnapshot> TakeAsync(string label, bool recursive, int attempts, CancellationToken cancellationToken)
    {
        var dataset = _tools.Settings.Dataset;
        var there = (await _tools.Reader.ListSnapshotsAsync(dataset, cancellationToken)).Select(static one => one.Name).ToHashSet(StringComparer.Ordinal);
        var now = _tools.Clock.GetUtcNow();
        var name = Enumerable.Range(1, attempts).Select(attempt => DrSnapshotName.Create(label, now, attempt).Value).FirstOrDefault(name => !there.Contains(name))
            ?? throw new MetisException(ErrorCode.Refused, $"The names for a snapshot of this second are all taken on {dataset}.", "wait a second, then run the same command again");
        var id = Guid.NewGuid().ToString("N");
        var properties = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [OwnProperties.Id] = id,
            [OwnProperties.Taken] = now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        };
        var full = dataset.Snapshot(name);
        await _tools.Writer.SnapshotAsync(full, recursive, properties, cancellationToken);
        return await ConfirmAsync(full, name, id, now, cancellationToken);
    }

    private async Task<TakenSnapshot> ConfirmAsync(string full, string name, string id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var listed = (await _tools.Reader.ListSnapshotsAsync(_tools.Settings.Dataset, cancellationToken)).FirstOrDefault(one => one.Name == name);
        var marked = listed is not null && (await _tools.Reader.GetAsync(full, OwnProperties.Id, cancellationToken)).Own(full, OwnProperties.Id) == id;
        return marked
            ? new TakenSnapshot(full, listed!.Identity, now)
            : throw new MetisException(ErrorCode.ServerFailed, $"ZFS reported no error, but its listing does not show {full} as taken now.", "look at the pool with 'zpool status', then take another snapshot");
    }
}
