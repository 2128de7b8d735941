using System.Collections.Immutable;
using System.Text.Json;
using MetisBackup.DevServer.Engine;

namespace MetisBackup.DevServer.Endpoints.Graphs;

/// <summary>One edge collection of a graph and the vertex collections that it connects.</summary>
internal sealed record EdgeDefinition(string Collection, ImmutableArray<string> From, ImmutableArray<string> To)
{
    public IEnumerable<string> Vertices => From.Concat(To).Distinct(StringComparer.Ordinal);

    /// <summary>Reads a definition of a request or document.</summary>
    /// <exception cref="ArangoException">400/E1923 for anything but <c>{collection, from, to}</c>.</exception>
    public static EdgeDefinition Parse(JsonElement definition)
    {
        var collection = definition.TextOf("collection");
        var from = definition.TextsOf("from");
        var to = definition.TextsOf("to");
        return string.IsNullOrEmpty(collection) || definition.ItemsOf("from") is null || definition.ItemsOf("to") is null || from.Count == 0 || to.Count == 0
            ? throw new ArangoException(400, 1923, "malformed edge definition")
            : new EdgeDefinition(collection, Sorted(from), Sorted(to));
    }

    public bool IsSame(EdgeDefinition other) => Collection == other.Collection && From.SequenceEqual(other.From) && To.SequenceEqual(other.To);

    private static ImmutableArray<string> Sorted(IEnumerable<string> names) => [.. names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}

/// <summary>A named graph: a document of <c>_graphs</c> (arangodb-protocol 12.2).</summary>
/// <param name="Name">Its name and key.</param>
/// <param name="Edges">Its edge definitions.</param>
/// <param name="Orphans">Vertex collections that no edge definition names.</param>
/// <param name="Smart">The attributes of a SmartGraph or SatelliteGraph, kept but without effect here; null for other graphs.</param>
internal sealed record GraphDefinition(string Name, ImmutableArray<EdgeDefinition> Edges, ImmutableArray<string> Orphans, JsonElement? Smart)
{
    private static readonly string[] SmartAttributes =
        ["numberOfShards", "replicationFactor", "minReplicationFactor", "writeConcern", "isSmart", "isSatellite", "initial", "smartGraphAttribute", "isDisjoint"];

    public IEnumerable<string> VertexCollections =>
        Edges.SelectMany(static e => e.Vertices).Concat(Orphans).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    public IEnumerable<string> EdgeCollections => Edges.Select(static e => e.Collection).Order(StringComparer.Ordinal);

    public IEnumerable<string> Collections => VertexCollections.Concat(EdgeCollections).Distinct(StringComparer.Ordinal);

    /// <summary>Reads the document of a graph.</summary>
    public static GraphDefinition Read(string key, JsonElement document) => new(
        key,
        [.. (document.ItemsOf("edgeDefinitions") ?? []).Select(EdgeDefinition.Parse)],
        [.. document.TextsOf("orphanCollections")],
        document.FlagOf("isSmart") || document.FlagOf("isSatellite") ? document : null);

    /// <summary>Reads the request for a new graph.</summary>
    /// <exception cref="ArangoException">400/E1922 without a name, E1221 with one that is no key; E1923, E1943 for malformed lists; E1920 for an edge collection named twice.</exception>
    public static GraphDefinition Create(JsonElement body)
    {
        var name = body.TextOf("name") is { Length: > 0 } text ? text : throw new ArangoException(400, 1922, "missing graph name");
        if (!KeyGenerator.IsValid(name))
        {
            throw ArangoErrors.IllegalKey();
        }

        if (body.Find("edgeDefinitions") is { ValueKind: not (JsonValueKind.Array or JsonValueKind.Null) })
        {
            throw new ArangoException(400, 1923, "malformed edge definition");
        }

        if (body.Find("orphanCollections") is { ValueKind: not (JsonValueKind.Array or JsonValueKind.Null) })
        {
            throw new ArangoException(400, 1943, "malformed orphan list");
        }

        var edges = (body.ItemsOf("edgeDefinitions") ?? []).Select(EdgeDefinition.Parse).ToImmutableArray();
        if (edges.Select(static e => e.Collection).Distinct(StringComparer.Ordinal).Count() != edges.Length)
        {
            throw new ArangoException(400, 1920, "multi use of edge collection in edge def");
        }

        var vertices = edges.SelectMany(static e => e.Vertices).ToHashSet(StringComparer.Ordinal);
        var orphans = body.TextsOf("orphanCollections").Distinct(StringComparer.Ordinal).Where(o => !vertices.Contains(o)).Order(StringComparer.Ordinal);
        var graph = new GraphDefinition(name, edges, [.. orphans], null);
        var options = body.ObjectOf("options") ?? default;
        return body.FlagOf("isSmart") ? graph with { Smart = SmartOf(options, edges) }
            : options.TextOf("replicationFactor") == "satellite" ? graph with { Smart = Satellite() }
            : graph;
    }

    /// <summary>Writes everything but key, id and revision.</summary>
    public void WriteProperties(Utf8JsonWriter writer)
    {
        foreach (var name in SmartAttributes)
        {
            if (Smart?.Find(name) is { } value)
            {
                writer.WriteValue(name, value);
            }
        }

        writer.WriteStartArray("edgeDefinitions"u8);
        foreach (var edge in Edges)
        {
            writer.WriteStartObject();
            writer.WriteString("collection"u8, edge.Collection);
            WriteNames(writer, "from", edge.From);
            WriteNames(writer, "to", edge.To);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        WriteNames(writer, "orphanCollections", Orphans);
    }

    public static void WriteNames(Utf8JsonWriter writer, string attribute, IEnumerable<string> names)
    {
        writer.WriteStartArray(attribute);
        foreach (var name in names)
        {
            writer.WriteStringValue(name);
        }

        writer.WriteEndArray();
    }

    private static JsonElement SmartOf(JsonElement options, ImmutableArray<EdgeDefinition> edges) => JsonValues.Build(writer =>
    {
        writer.WriteStartObject();
        writer.WriteNumber("numberOfShards"u8, options.NumberOf("numberOfShards") ?? 1);
        writer.WriteNumber("replicationFactor"u8, options.NumberOf("replicationFactor") ?? 1);
        writer.WriteNumber("minReplicationFactor"u8, options.NumberOf("writeConcern") ?? 1);
        writer.WriteNumber("writeConcern"u8, options.NumberOf("writeConcern") ?? 1);
        writer.WriteBoolean("isSmart"u8, true);
        writer.WriteBoolean("isSatellite"u8, false);
        writer.WriteString("initial"u8, edges.IsEmpty ? "" : edges[0].From[0]);
        writer.WriteString("smartGraphAttribute"u8, options.TextOf("smartGraphAttribute") ?? "");
        writer.WriteBoolean("isDisjoint"u8, options.FlagOf("isDisjoint"));
        writer.WriteEndObject();
    });

    private static JsonElement Satellite() => JsonValues.Build(static writer =>
    {
        writer.WriteStartObject();
        writer.WriteNumber("numberOfShards"u8, 1);
        writer.WriteString("replicationFactor"u8, "satellite"u8);
        writer.WriteBoolean("isSmart"u8, false);
        writer.WriteBoolean("isSatellite"u8, true);
        writer.WriteEndObject();
    });
}
