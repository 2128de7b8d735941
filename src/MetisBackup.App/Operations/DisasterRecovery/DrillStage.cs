using System.Globalization;
using MetisBackup.Core.Naming;
using MetisBackup.Storage.Zfs;

namespace MetisBackup.App.Operations.DisasterRecovery;

/// <summary>A mounted clone of a snapshot, with those of the data sets below, that is thrown away. Disposing does that even when it is not asked for.</summary>
internal sealed class DrillStage : IAsyncDisposable
{
    private readonly DrTools _tools;
    private readonly DatasetName _clone;
    private bool _cleared;

    private DrillStage(DrTools tools, DatasetName clone, string folder, long started) => (_tools, _clone, Folder, Started) = (tools, clone, folder, started);

    /// <summary>Where the clone is mounted.</summary>
    public string Folder { get; }

    /// <summary>Timestamp of the beginning.</summary>
    public long Started { get; }

    /// <summary>Clones and mounts.</summary>
    public static async Task<DrillStage> SetAsync(DrTools tools, DrSnapshot target, CancellationToken cancellationToken)
    {
        var started = tools.Clock.GetTimestamp();
        var dataset = tools.Settings.Dataset;
        var suffix = $"_metis_drill_{tools.Clock.GetUtcNow().UtcDateTime.ToString("yyyyMMdd_HHmmss", CultureInfo.InvariantCulture)}";
        var clone = dataset.IsPool ? dataset.At("/" + suffix) : dataset.Beside(suffix);
        var folder = ScratchFolder.Make(tools.Settings.StatePath, "drill" + suffix);
        var stage = new DrillStage(tools, clone, folder, started);
        try
        {
            foreach (var member in await tools.Reader.ListTreeAsync(dataset, cancellationToken))
            {
                var snapshot = member.Snapshot(target.Zfs.Name);
                if (await tools.Reader.ExistsAsync(snapshot, cancellationToken))
                {
                    var properties = new Dictionary<string, string>(StringComparer.Ordinal) { ["canmount"] = "noauto", [OwnProperties.Scratch] = target.Zfs.Name };
                    var copy = clone.At(dataset.Relative(member)!);
                    if (copy == clone)
                    {
                        properties["mountpoint"] = folder;
                    }

                    await tools.Writer.CloneAsync(snapshot, copy, properties, cancellationToken);
                    await tools.Writer.MountAsync(copy, cancellationToken);
                }
            }

            return stage;
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    /// <summary>Throws the clone away.</summary>
    public async Task ClearAsync(CancellationToken cancellationToken)
    {
        if (await _tools.Reader.ExistsAsync(_clone.Value, cancellationToken))
        {
            var identity = (await _tools.Reader.GetAsync(_clone.Value, "guid", cancellationToken)).Number(_clone.Value, "guid") ?? 0;
            await new ScratchClones(_tools).DestroyAsync(_clone, identity, cancellationToken);
        }

        ScratchFolder.Remove(Folder);
        _cleared = true;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_cleared)
        {
            await ClearAsync(CancellationToken.None);
        }
    }
}
