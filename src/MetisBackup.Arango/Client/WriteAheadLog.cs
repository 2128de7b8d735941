using MetisBackup.Core.Errors;

namespace MetisBackup.Arango.Client;

/// <summary>The server's log of changes.</summary>
/// <param name="client">The client; its account must be an administrator.</param>
public sealed class WriteAheadLog(ArangoClient client)
{
    private readonly ArangoClient _client = client;

    /// <summary>Makes every write that was acknowledged before this call durable (arangodb-protocol 13.4).</summary>
    /// <exception cref="MetisException">12: no administrator. 16: the server does not answer.</exception>
    public Task FlushAsync(CancellationToken cancellationToken) => _client.SendAndForgetAsync(
        ArangoRequest.WithJson(HttpMethod.Put, "_system", "/_admin/wal/flush", """{"waitForSync":true,"waitForCollector":false}"""u8.ToArray()) with { Repeatable = true },
        cancellationToken);
}
