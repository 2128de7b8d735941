using System.Text.Json;
using MetisBackup.Arango.Protocol;

namespace MetisBackup.Arango.Client;

/// <summary>Where a server keeps what belongs to its data, as far as it tells.</summary>
/// <param name="Database">Option <c>database.directory</c>; null when it does not tell.</param>
/// <param name="WriteAheadLog">Option <c>rocksdb.wal-directory</c>; null when the log lies in the database directory.</param>
/// <param name="Apps">Option <c>javascript.app-path</c>: Foxx services; null when there are none.</param>
public sealed record ServerPaths(string? Database, string? WriteAheadLog, string? Apps)
{
    /// <summary>Asks the server for its options. Most let only callers with a token of the cluster's secret see them.</summary>
    /// <returns>Null when the server does not tell.</returns>
    public static async Task<ServerPaths?> ReadAsync(ArangoClient client, CancellationToken cancellationToken)
    {
        using var response = await client.SendAsync(ArangoRequest.Get("_system", "/_admin/options"), cancellationToken);
        if (!response.IsSuccess)
        {
            return null;
        }

        var options = await response.ReadJsonAsync(ProtocolJson.Default.JsonElement, cancellationToken);
        return options.ValueKind != JsonValueKind.Object ? null : new ServerPaths(Text(options, "database.directory"), Text(options, "rocksdb.wal-directory"), Text(options, "javascript.app-path"));
    }

    private static string? Text(JsonElement options, string name) =>
        options.TryGetProperty(name, out var value) && value is { ValueKind: JsonValueKind.String } && value.GetString() is { Length: > 0 } text ? text : null;
}
