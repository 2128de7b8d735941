using System.Buffers;
using System.Text.Json;
using MetisBackup.Arango.Protocol;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;

namespace MetisBackup.Arango.Client;

/// <summary>What a server is and whom it lets do what.</summary>
/// <param name="client">The client.</param>
/// <param name="database">The database that the questions are put in: an account may have no access to any other. Null for <c>_system</c>.</param>
public sealed class ServerInquiry(ArangoClient client, string? database)
{
    private readonly ArangoClient _client = client;
    private readonly string? _database = database;

    /// <summary>Version, licence, engine and role.</summary>
    /// <exception cref="MetisException">16 for a Coordinator or an old engine: there is no one point in time to read there.</exception>
    public async Task<ServerDescription> DescribeAsync(CancellationToken cancellationToken)
    {
        var version = await _client.SendJsonAsync(ArangoRequest.Get(_database, "/_api/version"), ProtocolJson.Default.VersionAnswer, cancellationToken);
        var engine = await AskAsync("/_api/engine", ProtocolJson.Default.EngineAnswer, cancellationToken);
        var role = await AskAsync("/_admin/server/role", ProtocolJson.Default.RoleAnswer, cancellationToken);
        var description = new ServerDescription(version.Version ?? "unknown", version.License, engine?.Name, role?.Role);
        if (description.Role is "COORDINATOR" or "AGENT" || description.Engine is not (null or "rocksdb"))
        {
            throw new MetisException(
                ErrorCode.ServerFailed,
                $"The server at {_client.Endpoint} is a {description.Role ?? "server"} on engine {description.Engine ?? "unknown"}; only single servers on rocksdb can be captured.",
                "give the endpoint of a single server, or use a hot backup for a cluster");
        }

        return description;
    }

    /// <summary>Fails when the server takes no writes now.</summary>
    /// <exception cref="MetisException">16 when it is read-only.</exception>
    public async Task RequireWritableAsync(CancellationToken cancellationToken)
    {
        if (await AskAsync("/_admin/server/mode", ProtocolJson.Default.ModeAnswer, cancellationToken) is { Mode: "readonly" })
        {
            throw ServerFailures.ReadOnly(_client.Endpoint, "a restore");
        }
    }

    /// <summary>The rights of the account of this client.</summary>
    /// <returns>Null when the server knows no such account, which means that authentication is off and everything is allowed.</returns>
    public async Task<AccountRights?> ReadRightsAsync(CancellationToken cancellationToken)
    {
        if (_client.User.Length == 0)
        {
            return null;
        }

        using var response = await _client.SendAsync(
            ArangoRequest.Get(_database, $"/_api/user/{ArangoClient.EncodeName(_client.User)}/database?full=true"), cancellationToken);
        if (response.Status == 404)
        {
            return null;
        }

        var answer = await response.EnsureSuccess().ReadJsonAsync(ProtocolJson.Default.RightsAnswer, cancellationToken);
        return new AccountRights(answer.Result ?? new Dictionary<string, DatabaseRights>(StringComparer.Ordinal));
    }

    /// <summary>Whether the database exists; one without rights counts as existing.</summary>
    public async Task<bool> DatabaseExistsAsync(CancellationToken cancellationToken)
    {
        using var response = await _client.SendAsync(ArangoRequest.Get(_database, "/_api/database/current"), cancellationToken);
        if (response is { Status: 404, ErrorNumber: ErrorNumber.DatabaseNotFound })
        {
            return false;
        }

        await response.EnsureSuccess().DrainAsync(cancellationToken);
        return true;
    }

    /// <summary>Fails when the database does not exist.</summary>
    /// <exception cref="MetisException">10, with the names of the databases that the account can see.</exception>
    public async Task RequireDatabaseAsync(CancellationToken cancellationToken)
    {
        if (!await DatabaseExistsAsync(cancellationToken))
        {
            var known = await new ServerInquiry(_client, database: null).AskAsync("/_api/database/user", ProtocolJson.Default.NameList, cancellationToken);
            throw new MetisException(
                ErrorCode.NotFound,
                $"The server at {_client.Endpoint} has no database {QuotedName.Of(_database ?? "_system")}.",
                known?.Result is { Count: > 0 } names ? $"it has {string.Join(", ", names)}; names are case-sensitive" : null);
        }
    }

    /// <summary>Makes a database that the account of this client may write to (arangodb-protocol 2.1).</summary>
    /// <param name="database">Its name.</param>
    /// <param name="properties">Properties of the original; what a new database can take of them is taken.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task CreateDatabaseAsync(string database, JsonElement? properties, CancellationToken cancellationToken) =>
        _client.SendAndForgetAsync(
            ArangoRequest.WithJson(HttpMethod.Post, "_system", "/_api/database", CreationBody(database, properties)), cancellationToken);

    /// <summary>Number of documents now, not at the point in time of a batch.</summary>
    public async Task<long> CountAsync(string collection, CancellationToken cancellationToken)
    {
        var figures = await FiguresAsync(collection, "count", cancellationToken);
        return figures.Count;
    }

    /// <summary>Number of documents and highest revision, to tell whether something was written between two moments.</summary>
    public async Task<(long Count, string Revision)> ReadStateAsync(string collection, CancellationToken cancellationToken)
    {
        var count = await CountAsync(collection, cancellationToken);
        var figures = await FiguresAsync(collection, "revision", cancellationToken);
        return (count, figures.Revision ?? "");
    }

    /// <summary>One document as it is now; null when there is none.</summary>
    public async Task<byte[]?> ReadDocumentAsync(string collection, string key, CancellationToken cancellationToken)
    {
        using var response = await _client.SendAsync(
            ArangoRequest.Get(_database, $"/_api/document/{ArangoClient.EncodeName(collection)}/{ArangoClient.EncodeName(key)}"), cancellationToken);
        return response.Status == 404 ? null : await response.EnsureSuccess().ReadBytesAsync(cancellationToken);
    }

    /// <summary>Whether a collection exists although the caller may not see it (arangodb-protocol 4.1).</summary>
    public async Task<bool> IsHiddenAsync(string collection, CancellationToken cancellationToken)
    {
        using var response = await _client.SendAsync(
            ArangoRequest.Get(_database, $"/_api/collection/{ArangoClient.EncodeName(collection)}"), cancellationToken);
        if (response.Status is not (401 or 403 or 404))
        {
            await response.EnsureSuccess().DrainAsync(cancellationToken);
        }

        return response.Status != 404;
    }

    /// <summary>What the server calls itself, whatever address leads there; null when it does not tell.</summary>
    public async Task<string?> ReadServerIdAsync(CancellationToken cancellationToken)
    {
        // The first is for administrators only on some versions, the second is not there on all.
        var answer = await AskAsync("/_api/wal/lastTick", ProtocolJson.Default.LogAnswer, cancellationToken)
            ?? await AskAsync("/_api/replication/logger-state", ProtocolJson.Default.LogAnswer, cancellationToken);
        return answer is { Server.ServerId: { Length: > 0 } id } ? id : null;
    }

    /// <summary>The server's clock in milliseconds since 1970.</summary>
    public async Task<long?> ReadClockAsync(CancellationToken cancellationToken) =>
        await AskAsync("/_admin/time", ProtocolJson.Default.TimeAnswer, cancellationToken) is { Time: > 0 } answer ? (long)(answer.Time * 1000) : null;

    /// <summary>Moves the server's clock past a revision, so that it never issues the same one again (arangodb-protocol 11.1).</summary>
    public Task AdvanceClockAsync(string revision, CancellationToken cancellationToken) =>
        _client.SendAndForgetAsync(ArangoRequest.Get(_database, "/_api/version") with { Clock = revision }, cancellationToken);

    private Task<CollectionFigures> FiguresAsync(string collection, string what, CancellationToken cancellationToken) =>
        _client.SendJsonAsync(
            ArangoRequest.Get(_database, $"/_api/collection/{ArangoClient.EncodeName(collection)}/{what}"),
            ProtocolJson.Default.CollectionFigures,
            cancellationToken);

    /// <summary>A question that some versions or accounts get no answer to.</summary>
    private async Task<T?> AskAsync<T>(
        string path, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        using var response = await _client.SendAsync(ArangoRequest.Get(_database, path), cancellationToken);
        return response.Status is 401 or 403 or 404 or 501 ? null : await response.EnsureSuccess().ReadJsonAsync(type, cancellationToken);
    }

    private ReadOnlyMemory<byte> CreationBody(string database, JsonElement? properties)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("name"u8, database);
            json.WriteStartObject("options"u8);
            foreach (var name in (string[])["sharding", "replicationFactor", "writeConcern"])
            {
                if (properties is { ValueKind: JsonValueKind.Object } given && given.TryGetProperty(name, out var value))
                {
                    json.WritePropertyName(name);
                    value.WriteTo(json);
                }
            }

            json.WriteEndObject();
            if (_client.User.Length > 0)
            {
                json.WriteStartArray("users"u8);
                json.WriteStartObject();
                json.WriteString("username"u8, _client.User);
                json.WriteBoolean("active"u8, value: true);
                json.WriteEndObject();
                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        return body.WrittenMemory;
    }
}
