using System.Globalization;
using System.Text.Json.Nodes;

namespace MetisBackup.App.Quickstart;

/// <summary>What a researcher does to the database between the snapshot and the regret.</summary>
internal sealed class Experiment(TourServer server)
{
    private readonly TourServer _server = server;

    /// <summary>Each thing that is done, in words.</summary>
    public static IReadOnlyList<string> Words { get; } =
    [
        "updates 1,500 flights, deletes 500, inserts 700 imagined ones",
        "deletes every airport whose key begins with 0",
        "makes a collection delay_clusters with 250 documents",
        "drops the index by_date and the view airport_search",
        "adds a relation to the graph travel, replaces the function travel::late",
    ];

    /// <summary>Does all of it.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await _server.SendAsync(HttpMethod.Patch, "/_api/document/flights", Documents(1, 1500, static (key, number) => new JsonObject { ["_key"] = key, ["delay"] = number % 90, ["cluster"] = number % 7 }), cancellationToken);
        await _server.SendAsync(HttpMethod.Delete, "/_api/document/flights", Documents(19_001, 500, static (key, _) => JsonValue.Create(key)), cancellationToken);
        await _server.PostAsync("/_api/document/flights", Documents(30_001, 700, ImaginedFlight), cancellationToken);
        var gone = (await _server.ReadAllAsync("airports", cancellationToken)).Select(static airport => (string)airport["_key"]!).Where(static key => key.StartsWith('0'));
        await _server.SendAsync(HttpMethod.Delete, "/_api/document/airports", new JsonArray([.. gone.Select(static key => JsonValue.Create(key))]), cancellationToken);
        await _server.PostAsync("/_api/collection", new JsonObject { ["name"] = "delay_clusters" }, cancellationToken);
        await _server.PostAsync("/_api/document/delay_clusters", Documents(1, 250, static (key, number) => new JsonObject { ["_key"] = key, ["centre"] = number * 0.5 }), cancellationToken);
        await _server.SendAsync(HttpMethod.Delete, "/_api/index/flights/by_date", body: null, cancellationToken);
        await _server.SendAsync(HttpMethod.Delete, "/_api/view/airport_search", body: null, cancellationToken);
        await _server.PostAsync("/_api/gharial/travel/edge", JsonNode.Parse("""{"collection":"similar_to","from":["delay_clusters"],"to":["delay_clusters"]}""")!, cancellationToken);
        await _server.PostAsync("/_api/aqlfunction", JsonNode.Parse("""{"name":"travel::late","code":"function (delay) { return delay > 5; }","isDeterministic":true}""")!, cancellationToken);
    }

    private static JsonObject ImaginedFlight(string key, int number) =>
        new() { ["_key"] = key, ["_from"] = "airports/ATL", ["_to"] = "airports/SFO", ["delay"] = number % 300, ["imagined"] = true };

    private static JsonArray Documents(int first, int count, Func<string, int, JsonNode> make) =>
        new([.. Enumerable.Range(first, count).Select(number => make(number.ToString("f00000", CultureInfo.InvariantCulture), number))]);
}
