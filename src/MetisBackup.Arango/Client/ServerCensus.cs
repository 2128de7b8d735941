using MetisBackup.Arango.Protocol;
using MetisBackup.Core.Errors;

namespace MetisBackup.Arango.Client;

/// <summary>How much a server holds: every database, its collections and their documents. Collections of the system, which the server changes by itself, are left out.</summary>
/// <param name="client">The client; its account must see every database.</param>
public sealed class ServerCensus(ArangoClient client)
{
    private readonly ArangoClient _client = client;

    /// <summary>Version text; fails when the server does not answer, or not as a server does.</summary>
    /// <exception cref="MetisException">12, 16: as the server says.</exception>
    public async Task<string> ReadVersionAsync(CancellationToken cancellationToken) =>
        (await _client.SendJsonAsync(ArangoRequest.Get("_system", "/_api/version"), ProtocolJson.Default.VersionAnswer, cancellationToken)).Version ?? "unknown";

    /// <summary>Names of all databases, sorted.</summary>
    public async Task<IReadOnlyList<string>> ReadDatabasesAsync(CancellationToken cancellationToken)
    {
        var answer = await _client.SendJsonAsync(ArangoRequest.Get("_system", "/_api/database"), ProtocolJson.Default.NameList, cancellationToken);
        return [.. (answer.Result ?? []).Order(StringComparer.Ordinal)];
    }

    /// <summary>Counts everything, one collection after the other: no single point in time.</summary>
    public async Task<IReadOnlyDictionary<string, DatabaseCount>> CountAsync(CancellationToken cancellationToken)
    {
        var counts = new SortedDictionary<string, DatabaseCount>(StringComparer.Ordinal);
        foreach (var database in await ReadDatabasesAsync(cancellationToken))
        {
            var answer = await _client.SendJsonAsync(ArangoRequest.Get(database, "/_api/collection?excludeSystem=true"), ProtocolJson.Default.CollectionList, cancellationToken);
            var inquiry = new ServerInquiry(_client, database);
            var (collections, documents) = (0, 0L);
            foreach (var name in (answer.Result ?? []).Select(static one => one.Name).OfType<string>().Where(static name => !name.StartsWith('_')))
            {
                collections++;
                documents += await inquiry.CountAsync(name, cancellationToken);
            }

            counts[database] = new DatabaseCount(collections, documents);
        }

        return counts;
    }
}

/// <summary>How much a database holds.</summary>
/// <param name="Collections">Collections of users.</param>
/// <param name="Documents">Documents in them.</param>
public sealed record DatabaseCount(int Collections, long Documents);
