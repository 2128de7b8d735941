using MetisBackup.Core.Naming;
using MetisBackup.Storage.Zfs;

namespace MetisBackup.App.Operations.DisasterRecovery;

/// <summary>A clone that a run of ours made to throw away, and could not because it was killed.</summary>
/// <param name="Dataset">Its name.</param>
/// <param name="Identity">ZFS's guid.</param>
/// <param name="Snapshot">The snapshot that it is a clone of, full name.</param>
internal sealed record Leftover(DatasetName Dataset, ulong Identity, string Snapshot);

/// <summary>Finds and removes what runs that were killed left behind: only what carries our mark.</summary>
/// <param name="tools">The tools; the lock must be held for a removal.</param>
internal sealed class Leftovers(DrTools tools)
{
    private readonly DrTools _tools = tools;

    /// <summary>The leftovers of the data set. While a rollback is unfinished its clone is none.</summary>
    public async Task<IReadOnlyList<Leftover>> FindAsync(CancellationToken cancellationToken)
    {
        var live = _tools.Settings.Dataset;
        if (RollbackJournal.Find(_tools.Settings.StatePath, live) is not null)
        {
            return [];
        }

        var found = new List<Leftover>();
        var top = live.IsPool ? live : DatasetName.Require(live.Value[..live.Value.LastIndexOf('/')]);
        var prefix = live.IsPool ? live.Value + "/_metis_" : live.Value + "_metis_";
        foreach (var dataset in (await _tools.Reader.ListChildrenAsync(top, cancellationToken)).Where(one => one.Value.StartsWith(prefix, StringComparison.Ordinal)))
        {
            var properties = await _tools.Reader.GetAsync(dataset.Value, $"guid,origin,{OwnProperties.Scratch},{OwnProperties.StateOf}", cancellationToken);
            if (properties.Own(dataset.Value, OwnProperties.Scratch) is not null && properties.Own(dataset.Value, OwnProperties.StateOf) is null && properties.Value(dataset.Value, "origin") is { } origin)
            {
                found.Add(new Leftover(dataset, properties.Number(dataset.Value, "guid") ?? 0, origin));
            }
        }

        return found;
    }

    /// <summary>Ends the servers that still run on them, and removes them.</summary>
    public async Task RemoveAsync(IReadOnlyList<Leftover> leftovers, CancellationToken cancellationToken)
    {
        foreach (var leftover in leftovers)
        {
            var point = MountTable.Read().PointOf(leftover.Dataset.Value);
            if (point is not null)
            {
                OpenFiles.EndUsers(point);
            }

            await new ScratchClones(_tools).DestroyAsync(leftover.Dataset, leftover.Identity, cancellationToken);
            if (point is not null)
            {
                ScratchFolder.Remove(point);
            }
        }
    }
}
