namespace MetisBackup.Storage.Store;

/// <summary>Whose <c>latest</c> is meant.</summary>
/// <param name="Server">Address of the server, as <see cref="Core.Snapshots.SnapshotServer.Address"/>.</param>
/// <param name="Apart">Addresses that are of different servers, whatever these call themselves.</param>
public sealed record LatestOf(string Server, IReadOnlyList<string> Apart);
