using MetisBackup.App.Operations.DisasterRecovery;
using MetisBackup.Core.Errors;

namespace MetisBackup.App.Operations;

/// <summary>What <see cref="ListDrSnapshots"/> needs.</summary>
/// <param name="Settings">Where to look.</param>
/// <param name="Details">Also what costs more, however many there are.</param>
internal sealed record ListDrSnapshotsRequest(DrSettings Settings, bool Details);

/// <summary>What is there.</summary>
internal sealed record ListDrSnapshotsResult
{
    /// <summary>Newest first.</summary>
    public required IReadOnlyList<DrSnapshot> Snapshots { get; init; }

    /// <summary>States that were live before a rollback, the latest first.</summary>
    public required IReadOnlyList<KeptState> KeptStates { get; init; }
}

/// <summary>Lists the snapshots of the DR tier: cheap facts for all, the others when they are few or asked for.</summary>
internal sealed class ListDrSnapshots(TimeProvider clock)
{
    /// <summary>Up to so many the details are read without being asked for.</summary>
    public const int Few = 200;

    private readonly TimeProvider _clock = clock;

    /// <summary>Runs the operation.</summary>
    /// <exception cref="MetisException">10 no such data set, 12 rights, 16 ZFS.</exception>
    public async Task<ListDrSnapshotsResult> RunAsync(ListDrSnapshotsRequest request, CancellationToken cancellationToken)
    {
        var tools = new DrTools(request.Settings, _clock);
        var dataset = request.Settings.Dataset;
        var catalogue = new DrCatalogue(tools.Reader);

        // two commands, side by side: with many snapshots each takes its time
        var states = KeptStates.ListAsync(tools.Reader, dataset, cancellationToken);
        var listing = catalogue.ListAsync(dataset, cancellationToken);
        await Task.WhenAll(listing, states);
        var snapshots = await listing;
        if (request.Details || snapshots.Count <= Few)
        {
            snapshots = await catalogue.WithDetailsAsync(dataset, snapshots, cancellationToken);
        }

        return new ListDrSnapshotsResult
        {
            Snapshots = [.. snapshots.Reverse()],
            KeptStates = await states,
        };
    }
}
