using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;

namespace MetisBackup.Storage.Zfs;

/// <summary>Everything that is asked of ZFS and changes nothing.</summary>
/// <param name="program">The commands.</param>
/// <param name="capabilities">Which forms they know.</param>
public sealed class ZfsReader(ZfsProgram program, ZfsCapabilities capabilities)
{
    private const int SnapshotsPerCommand = 500;
    private readonly ZfsProgram _program = program;
    private readonly ZfsCapabilities _capabilities = capabilities;

    /// <summary>The snapshots of a data set in ZFS's order, the oldest first; not those of data sets below it.</summary>
    /// <exception cref="MetisException">10: there is no such data set. 12, 16: as the command says; never an empty list instead.</exception>
    public async Task<IReadOnlyList<ZfsSnapshot>> ListSnapshotsAsync(DatasetName dataset, CancellationToken cancellationToken)
    {
        if (await _capabilities.TryListExactlyAsync(ZfsSnapshotList.Arguments(dataset), cancellationToken) is { } result)
        {
            return result.Succeeded ? ZfsSnapshotList.Parse(dataset, result.Out) : throw ZfsFailures.Of("zfs list", dataset.Value, result);
        }

        return ZfsSnapshotList.Parse(dataset, await GetAsync(dataset.Value, "guid,createtxg", ["-d", "1"], cancellationToken));
    }

    /// <summary>Properties of the snapshots of a data set.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="properties">Between commas; those of users too.</param>
    /// <param name="cancellationToken">Ends the command.</param>
    public async Task<ZfsProperties> GetOfSnapshotsAsync(DatasetName dataset, string properties, CancellationToken cancellationToken)
    {
        // the old form says more than was asked for: the data set and those below it, which nobody looks up
        string[] scope = await _capabilities.GetsByTypeAsync(cancellationToken) ? ["-d", "1", "-t", "snapshot"] : ["-d", "1"];
        return await GetAsync(dataset.Value, properties, scope, cancellationToken);
    }

    /// <summary>Properties of one data set or snapshot.</summary>
    public Task<ZfsProperties> GetAsync(string thing, string properties, CancellationToken cancellationToken) => GetAsync(thing, properties, [], cancellationToken);

    /// <summary>Whether each snapshot is still the one that it was: names change hands, identities do not.</summary>
    /// <returns>The first that is not, or does not exist any more; null when all are.</returns>
    public async Task<ZfsSnapshot?> FindChangedAsync(IReadOnlyList<ZfsSnapshot> snapshots, CancellationToken cancellationToken)
    {
        foreach (var batch in snapshots.Chunk(SnapshotsPerCommand))
        {
            // one that is gone is complained about, and missing from the answer
            var result = await _program.RunAsync(["get", "-Hp", "-o", ZfsProperties.Columns, "guid", .. batch.Select(static one => one.FullName)], cancellationToken);
            var found = ZfsProperties.Parse(result.Out);
            if (Array.Find(batch, one => found.Number(one.FullName, "guid") != one.Identity) is { } changed)
            {
                return changed;
            }
        }

        return null;
    }

    /// <summary>Properties of a data set and of all that lie below it: file systems only.</summary>
    public async Task<ZfsProperties> GetOfTreeAsync(DatasetName dataset, string properties, CancellationToken cancellationToken)
    {
        string[] scope = await _capabilities.GetsByTypeAsync(cancellationToken) ? ["-r", "-t", "filesystem"] : ["-r"];
        return await GetAsync(dataset.Value, properties, scope, cancellationToken);
    }

    /// <summary>The data set and all file systems below it, each behind the one above it.</summary>
    public async Task<IReadOnlyList<DatasetName>> ListTreeAsync(DatasetName dataset, CancellationToken cancellationToken)
    {
        var text = await _program.RequireAsync(dataset.Value, ["list", "-H", "-r", "-t", "filesystem", "-o", "name", dataset.Value], cancellationToken);
        return [.. ZfsTable.Rows("zfs list", text, 1).Select(static row => DatasetName.Require(row[0])).OrderBy(static one => one.Value, StringComparer.Ordinal)];
    }

    /// <summary>The file systems right below a data set; not those below these, and not itself.</summary>
    public async Task<IReadOnlyList<DatasetName>> ListChildrenAsync(DatasetName dataset, CancellationToken cancellationToken)
    {
        var text = await _program.RequireAsync(dataset.Value, ["list", "-H", "-d", "1", "-t", "filesystem", "-o", "name", dataset.Value], cancellationToken);
        return [.. ZfsTable.Rows("zfs list", text, 1).Where(row => row[0] != dataset.Value).Select(static row => DatasetName.Require(row[0])).OrderBy(static one => one.Value, StringComparer.Ordinal)];
    }

    /// <summary>Whether a data set or snapshot exists.</summary>
    /// <exception cref="MetisException">12, 16: ZFS could not tell.</exception>
    public async Task<bool> ExistsAsync(string thing, CancellationToken cancellationToken)
    {
        var result = await _program.RunAsync(["list", "-H", "-t", "filesystem,snapshot,volume", "-o", "name", thing], cancellationToken);
        return result.Succeeded || (ZfsFailures.Of("zfs list", thing, result) is var failure && failure.Code == ErrorCode.NotFound ? false : throw failure);
    }

    /// <summary>The clones of each snapshot of a pool.</summary>
    public async Task<ILookup<string, string>> ListClonesAsync(string pool, CancellationToken cancellationToken) =>
        ZfsOrigins.Parse(await _program.RequireAsync(pool, ["list", "-H", "-r", "-t", "filesystem,volume", "-o", "name,origin", pool], cancellationToken));

    /// <summary>The tags that hold snapshots. Where the version cannot name them the lookup is empty: the property <c>userrefs</c> still counts them.</summary>
    /// <param name="snapshots">Full names.</param>
    /// <param name="cancellationToken">Ends the command.</param>
    public async Task<ILookup<string, string>> ListHoldsAsync(IReadOnlyList<string> snapshots, CancellationToken cancellationToken)
    {
        if (snapshots.Count == 0)
        {
            return ZfsHolds.Parse("");
        }

        var result = await _program.RunAsync(["holds", "-H", .. snapshots], cancellationToken);
        return ZfsHolds.Parse(result.Succeeded ? result.Out : "");
    }

    /// <summary>What was granted by <c>zfs allow</c> on the data set itself; nothing where the version cannot tell.</summary>
    public async Task<IReadOnlyList<ZfsDelegation>> ListDelegationsAsync(DatasetName dataset, CancellationToken cancellationToken)
    {
        var result = await _program.RunAsync(["allow", dataset.Value], cancellationToken);
        return result.Succeeded ? ZfsDelegations.Parse(dataset.Value, result.Out) : [];
    }

    /// <summary>Health and fill of a pool.</summary>
    public Task<ZfsPool> PoolAsync(string pool, CancellationToken cancellationToken) => _program.PoolAsync(pool, cancellationToken);

    private async Task<ZfsProperties> GetAsync(string thing, string properties, string[] scope, CancellationToken cancellationToken) =>
        ZfsProperties.Parse(await _program.RequireAsync(thing, ["get", "-Hp", .. scope, "-o", ZfsProperties.Columns, properties, thing], cancellationToken));
}
