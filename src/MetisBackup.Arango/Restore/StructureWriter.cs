using System.Buffers;
using System.Text.Json;
using MetisBackup.Arango.Client;
using MetisBackup.Arango.Dump;
using MetisBackup.Arango.Protocol;

namespace MetisBackup.Arango.Restore;

/// <summary>Makes, empties and removes the things of a database that are not documents (arangodb-protocol 9, 12).</summary>
public sealed class StructureWriter(ArangoClient client, string database)
{
    // A server may build an index or a view for hours without a word; a dead one is noticed by the connection.
    private static readonly TimeSpan BuildPatience = TimeSpan.FromHours(24);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);
    private readonly ArangoClient _client = client;
    private readonly string _database = database;

    /// <summary>
    /// Drops a collection that exists and makes it anew, empty and without indexes; one of the system that must not be dropped is
    /// emptied instead (arangodb-protocol 9.1).
    /// </summary>
    /// <param name="entry">The entry of an inventory.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task RecreateCollectionAsync(CollectionEntry entry, CancellationToken cancellationToken) =>
        PutAsync("/_api/replication/restore-collection?overwrite=true&force=false", WithTreeFlags(entry), Patience, cancellationToken);

    /// <summary>Makes the indexes of a collection; equal ones are kept (arangodb-protocol 9.2).</summary>
    /// <param name="entry">The entry of an inventory.</param>
    /// <param name="vector">True makes the vector indexes, which need the data to be there; false all others.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task CreateIndexesAsync(CollectionEntry entry, bool vector, CancellationToken cancellationToken)
    {
        var chosen = entry.Indexes.Where(index => index.Type == "vector" == vector).ToList();
        if (chosen.Count > 0)
        {
            var body = Build(json => WriteEntry(json, entry.Parameters, chosen));
            await PutAsync("/_api/replication/restore-indexes?force=false", body, BuildPatience, cancellationToken);
        }
    }

    /// <summary>Makes a view anew (arangodb-protocol 9.6).</summary>
    public Task RecreateViewAsync(ReadOnlyMemory<byte> definition, CancellationToken cancellationToken) =>
        PutAsync("/_api/replication/restore-view?overwrite=true&force=false", definition, BuildPatience, cancellationToken);

    /// <summary>Removes a view; one that is gone already is fine.</summary>
    public Task DropViewAsync(string name, CancellationToken cancellationToken) =>
        DeleteAsync($"/_api/view/{ArangoClient.EncodeName(name)}", cancellationToken);

    /// <summary>Removes the definition of a graph and none of its collections; one that is gone already is fine.</summary>
    public async Task DropGraphAsync(string name, CancellationToken cancellationToken)
    {
        using var response = await _client.SendAsync(
            new ArangoRequest { Method = HttpMethod.Delete, Database = _database, Path = $"/_api/gharial/{ArangoClient.EncodeName(name)}?dropCollections=false", Repeatable = true, AnswerTimeout = Patience },
            cancellationToken);
        if (response is not { Status: 404, ErrorNumber: ErrorNumber.GraphNotFound })
        {
            await response.EnsureSuccess().DrainAsync(cancellationToken);
        }
    }

    /// <summary>Removes a collection; one that is gone already is fine.</summary>
    public Task DropCollectionAsync(string name, CancellationToken cancellationToken) =>
        DeleteAsync($"/_api/collection/{ArangoClient.EncodeName(name)}?isSystem=true", cancellationToken);

    /// <summary>Gives a collection another name; its documents, indexes and identity stay.</summary>
    public Task RenameCollectionAsync(string from, string to, CancellationToken cancellationToken) =>
        _client.SendAndForgetAsync(
            ArangoRequest.WithJson(HttpMethod.Put, _database, $"/_api/collection/{ArangoClient.EncodeName(from)}/rename", Build(json =>
            {
                json.WriteStartObject();
                json.WriteString("name"u8, to);
                json.WriteEndObject();
            })),
            cancellationToken);

    /// <summary>Sets properties of a collection that can be changed (arangodb-protocol 3.1); what the entry lacks becomes null.</summary>
    /// <param name="entry">The entry of an inventory that has the values.</param>
    /// <param name="names">Which properties.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task ChangePropertiesAsync(CollectionEntry entry, IEnumerable<string> names, CancellationToken cancellationToken) =>
        PutAsync(
            $"/_api/collection/{ArangoClient.EncodeName(entry.Name)}/properties",
            Build(json =>
            {
                using var parameters = JsonDocument.Parse(entry.Parameters);
                json.WriteStartObject();
                foreach (var name in names)
                {
                    json.WritePropertyName(name);
                    json.WriteRawValue(parameters.RootElement.TryGetProperty(name, out var value) ? value.GetRawText() : "null", skipInputValidation: true);
                }

                json.WriteEndObject();
            }),
            Patience,
            cancellationToken);

    /// <summary>Removes an index; one that is gone already is fine.</summary>
    public async Task DropIndexAsync(string collection, IndexEntry index, CancellationToken cancellationToken)
    {
        using var response = await _client.SendAsync(
            new ArangoRequest
            {
                Method = HttpMethod.Delete,
                Database = _database,
                Path = $"/_api/index/{ArangoClient.EncodeName(collection)}/{ArangoClient.EncodeName(index.Id)}",
                Repeatable = true,
                AnswerTimeout = Patience,
            },
            cancellationToken);
        if (response is not { Status: 404, ErrorNumber: ErrorNumber.IndexNotFound })
        {
            await response.EnsureSuccess().DrainAsync(cancellationToken);
        }
    }

    /// <summary>Removes every document of a collection.</summary>
    public Task TruncateAsync(string name, CancellationToken cancellationToken) =>
        _client.SendAndForgetAsync(
            new ArangoRequest
            {
                Method = HttpMethod.Put,
                Database = _database,
                Path = $"/_api/collection/{ArangoClient.EncodeName(name)}/truncate",
                Repeatable = true,
                AnswerTimeout = Patience,
            },
            cancellationToken);

    /// <summary>Tells the server that Foxx services were restored, where it still has them (arangodb-protocol 12.5).</summary>
    /// <returns>False when the server has no Foxx, or could not heal.</returns>
    public async Task<bool> HealFoxxAsync(CancellationToken cancellationToken)
    {
        using var status = await _client.SendAsync(ArangoRequest.Get(null, "/_admin/status"), cancellationToken);
        if (!status.IsSuccess || !(await status.ReadJsonAsync(ProtocolJson.Default.StatusAnswer, cancellationToken)).FoxxApi)
        {
            return false;
        }

        using var response = await _client.SendAsync(
            new ArangoRequest { Method = HttpMethod.Post, Database = _database, Path = "/_api/foxx/_local/heal", Repeatable = true, AnswerTimeout = Patience },
            cancellationToken);
        return response.IsSuccess;
    }

    /// <summary>Makes what was written durable.</summary>
    public Task FlushAsync(CancellationToken cancellationToken) =>
        _client.SendAndForgetAsync(
            ArangoRequest.WithJson(HttpMethod.Put, null, "/_admin/wal/flush", """{"waitForSync":true,"waitForCollector":false}"""u8.ToArray()) with
            {
                Repeatable = true,
                AnswerTimeout = Patience,
            },
            cancellationToken);

    private Task PutAsync(string path, ReadOnlyMemory<byte> body, TimeSpan patience, CancellationToken cancellationToken) =>
        _client.SendAndForgetAsync(
            ArangoRequest.WithJson(HttpMethod.Put, _database, path, body) with { Repeatable = true, AnswerTimeout = patience },
            cancellationToken);

    private async Task DeleteAsync(string path, CancellationToken cancellationToken)
    {
        using var response = await _client.SendAsync(
            new ArangoRequest { Method = HttpMethod.Delete, Database = _database, Path = path, Repeatable = true, AnswerTimeout = Patience },
            cancellationToken);
        if (response is not { Status: 404, ErrorNumber: ErrorNumber.CollectionNotFound })
        {
            await response.EnsureSuccess().DrainAsync(cancellationToken);
        }
    }

    /// <summary>
    /// The entry as it is, except that an absent revision flag is said to be true: without them a server of the 3.11 line makes a
    /// collection that never gets a tree (arangodb-protocol 9.1). The identity of the original is left out, because a server that
    /// keeps it refuses a second collection with it.
    /// </summary>
    private static ReadOnlyMemory<byte> WithTreeFlags(CollectionEntry entry) => Build(json =>
    {
        using var parameters = JsonDocument.Parse(entry.Parameters);
        json.WriteStartObject();
        json.WritePropertyName("parameters"u8);
        json.WriteStartObject();
        foreach (var member in parameters.RootElement.EnumerateObject().Where(static member => !member.NameEquals("globallyUniqueId"u8)))
        {
            json.WritePropertyName(member.Name);
            json.WriteRawValue(member.Value.GetRawText(), skipInputValidation: true);
        }

        foreach (var flag in (string[])["syncByRevision", "usesRevisionsAsDocumentIds"])
        {
            if (!parameters.RootElement.TryGetProperty(flag, out _))
            {
                json.WriteBoolean(flag, value: true);
            }
        }

        json.WriteEndObject();
        json.WriteStartArray("indexes"u8);
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static void WriteEntry(Utf8JsonWriter json, ReadOnlyMemory<byte> parameters, IEnumerable<IndexEntry> indexes)
    {
        json.WriteStartObject();
        json.WritePropertyName("parameters"u8);
        json.WriteRawValue(parameters.Span, skipInputValidation: true);
        json.WriteStartArray("indexes"u8);
        foreach (var index in indexes)
        {
            json.WriteRawValue(index.Json.Span, skipInputValidation: true);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static ReadOnlyMemory<byte> Build(Action<Utf8JsonWriter> write)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body))
        {
            write(json);
        }

        return body.WrittenMemory;
    }
}
