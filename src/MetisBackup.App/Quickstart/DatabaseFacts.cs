using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using MetisBackup.Arango.Dump;
using MetisBackup.App.Output;

namespace MetisBackup.App.Quickstart;

/// <summary>One thing of a database: what it is, how it is shown, and a text that differs whenever the thing differs.</summary>
/// <param name="Thing">For example <c>collection flights</c>.</param>
/// <param name="Shown">For people.</param>
/// <param name="Fingerprint">For comparison.</param>
internal sealed record DatabaseFact(string Thing, string Shown, string Fingerprint);

/// <summary>
/// Asks the server what a database is made of, at one point in time: of each collection the root of its revision tree, and every index,
/// view, graph, analyzer and function. It does not use anything of a snapshot, so it can judge one.
/// </summary>
internal static class DatabaseFacts
{
    private static readonly string[] Volatile = ["id", "globallyUniqueId", "_id", "_rev", "selectivityEstimate"];

    /// <summary>Reads them, ordered by kind and name.</summary>
    public static async Task<IReadOnlyList<DatabaseFact>> ReadAsync(TourServer server, CancellationToken cancellationToken)
    {
        var facts = new List<DatabaseFact>();
        var indexes = new List<DatabaseFact>();
        await using (var batch = await ReplicationBatch.OpenAsync(server.Client, server.Database, cancellationToken))
        {
            var reading = new SnapshotReading(batch);
            var inventory = await reading.ReadInventoryAsync(cancellationToken);
            foreach (var collection in inventory.Collections.OrderBy(static one => one.IsSystem).ThenBy(static one => one.Name, StringComparer.Ordinal))
            {
                var tree = await reading.ReadTreeRootAsync(collection.Name, cancellationToken)
                    ?? throw new InvalidOperationException($"The server keeps no revision tree of {collection.Name}.");
                if (tree.Count > 0 || !collection.IsSystem)
                {
                    var hash = tree.Hash.ToString("x16", CultureInfo.InvariantCulture);
                    facts.Add(new DatabaseFact($"collection {collection.Name}", $"{HumanText.Count((long)tree.Count),6} {hash[..12]}", $"{tree.Count} {hash}"));
                }

                indexes.AddRange(collection.Indexes.Select(index => new DatabaseFact($"index {collection.Name}/{index.Name}", index.Type, Stable(JsonNode.Parse(index.Json.Span)!))));
            }

            facts.AddRange(indexes);
            facts.AddRange(inventory.Views.Select(static view => new DatabaseFact($"view {view.Name}", view.Type, Stable(JsonNode.Parse(view.Json.Span)!))));
        }

        foreach (var (kind, collection, show) in Definitions)
        {
            var documents = await server.ReadAllAsync(collection, cancellationToken);
            facts.AddRange(documents.Select(one => new DatabaseFact($"{kind} {(string?)one["name"] ?? (string?)one["_key"]}", show(one), Stable(one))).OrderBy(static fact => fact.Thing, StringComparer.Ordinal));
        }

        return facts;
    }

    private static (string Kind, string Collection, Func<JsonObject, string> Show)[] Definitions { get; } =
    [
        ("graph", "_graphs", static graph => HumanText.Count(graph["edgeDefinitions"]?.AsArray().Count ?? 0, "relation")),
        ("analyzer", "_analyzers", static analyzer => (string?)analyzer["type"] ?? ""),
        ("function", "_aqlfunctions", static function => "code " + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes((string?)function["code"] ?? "")))[..12]),
    ];

    /// <summary>The definition without what a server assigns anew each time.</summary>
    private static string Stable(JsonNode node)
    {
        if (node is JsonObject definition)
        {
            foreach (var name in Volatile)
            {
                _ = definition.Remove(name);
            }
        }

        return node.ToJsonString();
    }
}
