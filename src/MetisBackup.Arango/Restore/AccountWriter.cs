using MetisBackup.Arango.Client;
using MetisBackup.Arango.Protocol;

namespace MetisBackup.Arango.Restore;

/// <summary>Accounts of a server beyond their documents (arangodb-protocol 2.3).</summary>
public sealed class AccountWriter(ArangoClient client)
{
    private readonly ArangoClient _client = client;

    /// <summary>Removes the accounts that are not among some names. The account of the client stays: without it nothing could be finished.</summary>
    /// <returns>Whether the account of the client would have been removed.</returns>
    public async Task<bool> RemoveOthersAsync(IReadOnlySet<string> names, CancellationToken cancellationToken)
    {
        var accounts = await _client.SendJsonAsync(ArangoRequest.Get(null, "/_api/user"), ProtocolJson.Default.AccountList, cancellationToken);
        var keptOwn = false;
        foreach (var name in (accounts.Result ?? []).Select(static one => one.User).OfType<string>().Where(name => !names.Contains(name)))
        {
            if (name == _client.User || name == "root")
            {
                keptOwn = true;
                continue;
            }

            using var response = await _client.SendAsync(
                new ArangoRequest { Method = HttpMethod.Delete, Path = $"/_api/user/{ArangoClient.EncodeName(name)}", Repeatable = true }, cancellationToken);
            if (response.Status != 404)
            {
                await response.EnsureSuccess().DrainAsync(cancellationToken);
            }
        }

        return keptOwn;
    }
}
