using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;
using MetisBackup.Storage.Zfs;

namespace MetisBackup.App.Operations.DisasterRecovery;

/// <summary>What the steps of a rollback share.</summary>
/// <param name="tools">The tools.</param>
/// <param name="service">The service and the server behind it.</param>
/// <param name="journal">What was done so far.</param>
/// <param name="progress">Told about every step.</param>
internal sealed class RollbackContext(DrTools tools, ServerService service, RollbackJournal journal, IOperationProgress progress)
{

    /// <summary>Default of <c>canmount</c>, which can be set but not inherited.</summary>
    public const string Mountable = "on";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Asks ZFS.</summary>
    public ZfsReader Reader => Tools.Reader;

    /// <summary>Changes ZFS.</summary>
    public ZfsWriter Writer => Tools.Writer;

    /// <summary>All tools.</summary>
    public DrTools Tools { get; } = tools;

    /// <summary>The service.</summary>
    public ServerService Service { get; } = service;

    /// <summary>The journal.</summary>
    public RollbackJournal Journal { get; } = journal;

    /// <summary>Its content.</summary>
    public RollbackJournalEntry Entry => Journal.Entry;

    /// <summary>Told about every step.</summary>
    public IOperationProgress Progress { get; } = progress;

    /// <summary>Things worth knowing that stop nothing.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>The live data set's name.</summary>
    public DatasetName Live { get; } = DatasetName.Require(journal.Entry.Dataset);

    /// <summary>What comes in.</summary>
    public DatasetName Staged { get; } = DatasetName.Require(journal.Entry.Staged);

    /// <summary>What goes out.</summary>
    public DatasetName Replaced { get; } = DatasetName.Require(journal.Entry.Replaced);

    /// <summary>The guid of the data set that has this name now; 0 when none has.</summary>
    public async Task<ulong> IdentityAsync(DatasetName dataset, CancellationToken cancellationToken) =>
        await Reader.ExistsAsync(dataset.Value, cancellationToken) ? (await Reader.GetAsync(dataset.Value, "guid", cancellationToken)).Number(dataset.Value, "guid") ?? 0 : 0;

    /// <summary>Gives the data set with this guid another name; when it has that name already nothing is done.</summary>
    /// <exception cref="MetisException">16: it has neither name.</exception>
    public async Task MoveAsync(ulong identity, DatasetName from, DatasetName to, CancellationToken cancellationToken)
    {
        if (await IdentityAsync(to, cancellationToken) == identity)
        {
            return;
        }

        if (await IdentityAsync(from, cancellationToken) != identity)
        {
            throw new MetisException(ErrorCode.ServerFailed, $"The data set that should be {from} or {to} is neither (guid {identity}).", "find it with 'zfs get -r guid', give it one of these names with 'zfs rename', then run the same command again");
        }

        await Writer.RenameAsync(from, to, cancellationToken);
    }

    /// <summary>Stops the service, and insists that nobody uses the data set any more.</summary>
    /// <exception cref="MetisException">16: the service does not stop, or somebody uses the data set; the message says who.</exception>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await Service.StopAsync(cancellationToken);
        var point = MountTable.Read().PointOf(Live.Value);
        if (point is null)
        {
            return;
        }

        using var patience = new CancellationTokenSource(Service.Patience, Tools.Clock);
        for (var users = OpenFiles.Below(point); users.Count > 0; users = OpenFiles.Below(point))
        {
            if (patience.IsCancellationRequested || !Service.Exists)
            {
                throw new MetisException(ErrorCode.ServerFailed, $"Data set {Live} is still in use: {string.Join("; ", users.Take(5))}.", "end these processes, then run the same command again");
            }

            await Task.Delay(Pause, Tools.Clock, cancellationToken);
        }
    }

    /// <summary>The data sets of a tree as far as they exist now, those of the entry's members.</summary>
    public async Task<IReadOnlyList<(DatasetName Dataset, RollbackMember Member)>> MembersAsync(DatasetName root, CancellationToken cancellationToken)
    {
        var there = (await Reader.ListTreeAsync(root, cancellationToken)).ToHashSet();
        return [.. Entry.Members.Select(member => (Dataset: root.At(member.Relative), member)).Where(one => there.Contains(one.Dataset))];
    }

    /// <summary>Keeps a tree from being mounted by itself, and remembers how it was.</summary>
    public async Task ParkAsync(DatasetName root, CancellationToken cancellationToken)
    {
        await Writer.UnmountTreeAsync(root, cancellationToken);
        foreach (var dataset in await Reader.ListTreeAsync(root, cancellationToken))
        {
            var name = dataset.Value;
            var properties = await Reader.GetAsync(name, $"canmount,{OwnProperties.CanMount}", cancellationToken);
            if (properties.Own(name, OwnProperties.CanMount) is null)
            {
                await Writer.SetAsync(name, OwnProperties.CanMount, properties.Own(name, "canmount") ?? Mountable, cancellationToken);
            }

            await Writer.SetAsync(name, "canmount", "noauto", cancellationToken);
        }
    }

    /// <summary>Lets a tree be mounted as it was before <see cref="ParkAsync"/>.</summary>
    public async Task UnparkAsync(DatasetName root, CancellationToken cancellationToken)
    {
        foreach (var dataset in await Reader.ListTreeAsync(root, cancellationToken))
        {
            var name = dataset.Value;
            if ((await Reader.GetAsync(name, OwnProperties.CanMount, cancellationToken)).Own(name, OwnProperties.CanMount) is { } before)
            {
                await Writer.SetAsync(name, "canmount", before, cancellationToken);
                await Writer.InheritAsync(name, OwnProperties.CanMount, cancellationToken);
            }
        }
    }

    /// <summary>Takes the marks off that a tree got as something made or kept here: it is the live one.</summary>
    public async Task UnmarkAsync(DatasetName root, CancellationToken cancellationToken)
    {
        foreach (var dataset in await Reader.ListTreeAsync(root, cancellationToken))
        {
            var properties = await Reader.GetAsync(dataset.Value, string.Join(',', OwnProperties.OfDatasets), cancellationToken);
            foreach (var property in OwnProperties.OfDatasets.Where(one => properties.Own(dataset.Value, one) is not null))
            {
                await Writer.InheritAsync(dataset.Value, property, cancellationToken);
            }
        }
    }

    /// <summary>Mounts a tree, as far as its settings want that.</summary>
    public async Task MountAsync(DatasetName root, CancellationToken cancellationToken)
    {
        foreach (var dataset in await Reader.ListTreeAsync(root, cancellationToken))
        {
            var properties = await Reader.GetAsync(dataset.Value, "canmount,mountpoint", cancellationToken);
            if (properties.Value(dataset.Value, "canmount") == "on" && properties.Value(dataset.Value, "mountpoint") is not (null or "none" or "legacy"))
            {
                await Writer.MountAsync(dataset, cancellationToken);
            }
        }
    }
}
