using System.Text.Json;

namespace MetisBackup.Benchmarks.Running;

/// <summary>A replication batch: one point in time of a database, for reading beside the product.</summary>
internal sealed class ServerBatch
{
    private readonly ServerProcess _server;
    private readonly string _database;

    private ServerBatch(ServerProcess server, string database, string id) => (_server, _database, Id) = (server, database, id);

    public string Id { get; }

    public static async Task<ServerBatch> OpenAsync(ServerProcess server, string database)
    {
        using var content = new StringContent("{\"ttl\":600}");
        using var answer = await server.Client.PostAsync(new Uri($"/_db/{database}/_api/replication/batch", UriKind.Relative), content);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return new ServerBatch(server, database, json.RootElement.GetProperty("id").GetString()!);
    }

    public async Task CloseAsync()
    {
        using var answer = await _server.Client.DeleteAsync(new Uri($"/_db/{_database}/_api/replication/batch/{Id}", UriKind.Relative));
        answer.EnsureSuccessStatusCode();
    }
}
