using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;

namespace MetisBackup.App.Operations.DisasterRecovery;

/// <summary>Data sets that this product made and may throw away.</summary>
/// <param name="tools">The tools.</param>
internal sealed class ScratchClones(DrTools tools)
{
    private readonly DrTools _tools = tools;

    /// <summary>Destroys a data set of ours with everything below it, when it is still the one that is meant.</summary>
    /// <param name="dataset">Its name.</param>
    /// <param name="identity">Its guid.</param>
    /// <param name="cancellationToken">Ends the commands.</param>
    /// <exception cref="MetisException">15: it is another one, or one that must not go. 16: it is held or has clones.</exception>
    public async Task DestroyAsync(DatasetName dataset, ulong identity, CancellationToken cancellationToken)
    {
        var properties = await _tools.Reader.GetAsync(dataset.Value, $"guid,{OwnProperties.StateOf},{OwnProperties.Scratch}", cancellationToken);
        var ours = properties.Own(dataset.Value, OwnProperties.StateOf) is not null || properties.Own(dataset.Value, OwnProperties.Scratch) is not null;
        if (!ours || dataset == _tools.Settings.Dataset || properties.Number(dataset.Value, "guid") != identity)
        {
            throw new MetisException(ErrorCode.Refused, $"Data set {dataset} is not the one that was planned to go.", "look at it with 'zfs list' and 'zfs get all'");
        }

        await RequireFreeAsync(dataset, cancellationToken);
        await _tools.Writer.DestroyTreeAsync(dataset, cancellationToken);
    }

    /// <summary>A recursive destroy that stops half-way has already destroyed: what would stop it is looked for before.</summary>
    private async Task RequireFreeAsync(DatasetName dataset, CancellationToken cancellationToken)
    {
        var clones = await _tools.Reader.ListClonesAsync(dataset.Pool, cancellationToken);
        foreach (var member in await _tools.Reader.ListTreeAsync(dataset, cancellationToken))
        {
            var properties = await _tools.Reader.GetOfSnapshotsAsync(member, "userrefs", cancellationToken);
            foreach (var snapshot in properties.Names.Where(name => name.StartsWith(member.Value + "@", StringComparison.Ordinal)))
            {
                if (properties.Number(snapshot, "userrefs") > 0)
                {
                    throw new MetisException(ErrorCode.Refused, $"Data set {dataset} cannot go: snapshot {snapshot} is held.", "'zfs holds' names the tags, 'zfs release' ends a hold");
                }

                if (clones[snapshot].FirstOrDefault(clone => !DatasetName.TryParse(clone, out var name) || dataset.Relative(name) is null) is { } clone)
                {
                    throw new MetisException(ErrorCode.Refused, $"Data set {dataset} cannot go: {clone} is a clone of its snapshot {snapshot}.", "it can go when that data set is gone");
                }
            }
        }
    }
}
