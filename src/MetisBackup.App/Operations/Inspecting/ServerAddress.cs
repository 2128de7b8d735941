using MetisBackup.Arango.Client;
using MetisBackup.Core.Snapshots;

namespace MetisBackup.App.Operations.Inspecting;

/// <summary>What a server is called in snapshots, see <see cref="SnapshotServer.Address"/>.</summary>
internal static class ServerAddress
{
    /// <summary>The address behind an endpoint.</summary>
    /// <exception cref="Core.Errors.MetisException">2: the endpoint is none.</exception>
    public static string Of(string endpoint) => ArangoEndpoint.Parse(endpoint).AddressFrom(Environment.MachineName);
}
