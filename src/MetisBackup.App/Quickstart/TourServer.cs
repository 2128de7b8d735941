using System.Text;
using System.Text.Json.Nodes;
using MetisBackup.Arango.Client;

namespace MetisBackup.App.Quickstart;

/// <summary>The calls of the tour that a user would make with his own program: small JSON, one database.</summary>
internal sealed class TourServer(ArangoClient client, string database)
{
    /// <summary>The client behind it.</summary>
    public ArangoClient Client { get; } = client;

    /// <summary>The database of all calls but <see cref="CreateDatabaseAsync"/>.</summary>
    public string Database { get; } = database;

    /// <summary>Makes the database.</summary>
    public Task CreateDatabaseAsync(CancellationToken cancellationToken) => Client.SendAndForgetAsync(
        ArangoRequest.WithJson(HttpMethod.Post, null, "/_api/database", Encoding.UTF8.GetBytes(new JsonObject { ["name"] = Database }.ToJsonString())),
        cancellationToken);

    /// <summary>Sends a body that must be accepted.</summary>
    public Task SendAsync(HttpMethod method, string path, JsonNode? body, CancellationToken cancellationToken)
    {
        var request = body is null
            ? new ArangoRequest { Method = method, Database = Database, Path = path }
            : ArangoRequest.WithJson(method, Database, path, Encoding.UTF8.GetBytes(body.ToJsonString()));
        return Client.SendAndForgetAsync(request, cancellationToken);
    }

    /// <summary>Makes something.</summary>
    public Task PostAsync(string path, JsonNode body, CancellationToken cancellationToken) => SendAsync(HttpMethod.Post, path, body, cancellationToken);

    /// <summary>Sends JSON that is bytes already.</summary>
    public Task PostAsync(string path, ReadOnlyMemory<byte> json, CancellationToken cancellationToken) =>
        Client.SendAndForgetAsync(ArangoRequest.WithJson(HttpMethod.Post, Database, path, json), cancellationToken);

    /// <summary>All documents of a small collection.</summary>
    public async Task<IReadOnlyList<JsonObject>> ReadAllAsync(string collection, CancellationToken cancellationToken)
    {
        var body = new JsonObject { ["query"] = "FOR d IN @@c RETURN d", ["bindVars"] = new JsonObject { ["@c"] = collection }, ["batchSize"] = 1000 };
        using var response = await Client.SendAsync(
            ArangoRequest.WithJson(HttpMethod.Post, Database, "/_api/cursor", Encoding.UTF8.GetBytes(body.ToJsonString())),
            cancellationToken);
        var answer = JsonNode.Parse(await response.EnsureSuccess().ReadBytesAsync(cancellationToken));
        return [.. answer!["result"]!.AsArray().Select(static one => one!.AsObject())];
    }
}
