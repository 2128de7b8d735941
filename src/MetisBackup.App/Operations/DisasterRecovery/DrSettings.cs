using MetisBackup.Core.Naming;

namespace MetisBackup.App.Operations.DisasterRecovery;

/// <summary>Where the DR tier works.</summary>
/// <param name="Dataset">The data set that holds the server's data.</param>
/// <param name="Zfs">Name or absolute path of the <c>zfs</c> command.</param>
/// <param name="StatePath">Directory of locks and journals; not on the data set.</param>
/// <param name="LogPath">The log of events.</param>
internal sealed record DrSettings(DatasetName Dataset, string Zfs, string StatePath, string LogPath);
