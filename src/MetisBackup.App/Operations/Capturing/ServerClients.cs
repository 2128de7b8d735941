using MetisBackup.Arango.Client;

namespace MetisBackup.App.Operations.Capturing;

/// <summary>Opens clients for the settings of a request.</summary>
internal static class ServerClients
{
    /// <summary>A client that is not connected yet.</summary>
    public static ArangoClient Open(ServerSettings server, TimeProvider clock) => new(
        new ArangoConnection
        {
            Endpoint = ArangoEndpoint.Parse(server.Endpoint),
            User = server.User,
            Password = server.Password,
        },
        clock);
}
