using System.Buffers;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MetisBackup.App.Quickstart;

/// <summary>
/// Builds the database of the tour from the sample (see Sample/README.md): airports, states, flights between airports, and where each
/// airport lies; a named graph over them, indexes, a view with its analyzer, a function.
/// </summary>
internal sealed class SampleGraph(TourServer server)
{
    private const int BatchSize = 5000;
    private readonly TourServer _server = server;
    private readonly SortedSet<string> _states = new(StringComparer.Ordinal);

    /// <summary>Loads everything.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        await _server.CreateDatabaseAsync(cancellationToken);
        foreach (var (name, type) in new[] { ("airports", 2), ("states", 2), ("flights", 3), ("located_in", 3) })
        {
            await _server.PostAsync("/_api/collection", new JsonObject { ["name"] = name, ["type"] = type }, cancellationToken);
        }

        await LoadAsync("airports-us.jsonl.gz", "airports", static (json, line, _) => line.WriteTo(json), cancellationToken);
        await LoadAsync("airports-us.jsonl.gz", "located_in", WriteLocation, cancellationToken);
        await LoadAsync("flights-20k.jsonl.gz", "flights", WriteFlight, cancellationToken);
        var states = new JsonArray([.. _states.Select(static state => new JsonObject { ["_key"] = state })]);
        await _server.PostAsync("/_api/document/states", states, cancellationToken);
        await DefineAsync(cancellationToken);
    }

    private async Task DefineAsync(CancellationToken cancellationToken)
    {
        await _server.PostAsync("/_api/index?collection=airports", Parse("""{"type":"persistent","name":"by_iata","fields":["iata"],"unique":true}"""), cancellationToken);
        await _server.PostAsync("/_api/index?collection=airports", Parse("""{"type":"geo","name":"by_place","fields":["latitude","longitude"]}"""), cancellationToken);
        await _server.PostAsync("/_api/index?collection=flights", Parse("""{"type":"persistent","name":"by_date","fields":["date","delay"]}"""), cancellationToken);
        await _server.PostAsync(
            "/_api/analyzer",
            Parse("""{"name":"airport_name","type":"text","properties":{"locale":"en","case":"lower","accent":false,"stemming":false,"stopwords":[]},"features":["frequency","norm","position"]}"""),
            cancellationToken);
        await _server.PostAsync(
            "/_api/view",
            Parse("""{"name":"airport_search","type":"arangosearch","links":{"airports":{"fields":{"name":{"analyzers":["airport_name"]},"city":{}}}}}"""),
            cancellationToken);
        await _server.PostAsync(
            "/_api/aqlfunction",
            Parse("""{"name":"travel::late","code":"function (delay) { return delay > 60; }","isDeterministic":true}"""),
            cancellationToken);
        await _server.PostAsync(
            "/_api/gharial",
            Parse("""
                {"name":"travel","edgeDefinitions":[
                    {"collection":"flights","from":["airports"],"to":["airports"]},
                    {"collection":"located_in","from":["airports"],"to":["states"]}]}
                """),
            cancellationToken);
    }

    private async Task LoadAsync(string resource, string collection, Action<Utf8JsonWriter, JsonElement, int> write, CancellationToken cancellationToken)
    {
        await using var packed = typeof(SampleGraph).Assembly.GetManifestResourceStream(resource) ?? throw new InvalidOperationException($"The sample {resource} is missing.");
        await using var unpacked = new GZipStream(packed, CompressionMode.Decompress);
        using var reader = new StreamReader(unpacked);
        var number = 0;
        var more = true;
        while (more)
        {
            var batch = new ArrayBufferWriter<byte>(1 << 20);
            await using (var json = new Utf8JsonWriter(batch))
            {
                json.WriteStartArray();
                more = false;
                while (await reader.ReadLineAsync(cancellationToken) is { } line)
                {
                    using var document = JsonDocument.Parse(line);
                    write(json, document.RootElement, ++number);
                    if (number % BatchSize == 0)
                    {
                        more = true;
                        break;
                    }
                }

                json.WriteEndArray();
            }

            await _server.PostAsync($"/_api/document/{collection}?silent=true", batch.WrittenMemory, cancellationToken);
        }
    }

    private void WriteLocation(Utf8JsonWriter json, JsonElement airport, int number)
    {
        var state = airport.GetProperty("state").GetString()!;
        _ = _states.Add(state);
        json.WriteStartObject();
        json.WriteString("_key", airport.GetProperty("_key").GetString());
        json.WriteString("_from", "airports/" + airport.GetProperty("_key").GetString());
        json.WriteString("_to", "states/" + state);
        json.WriteEndObject();
    }

    private static void WriteFlight(Utf8JsonWriter json, JsonElement flight, int number)
    {
        json.WriteStartObject();
        json.WriteString("_key", number.ToString("f00000", CultureInfo.InvariantCulture));
        json.WriteString("_from", "airports/" + flight.GetProperty("origin").GetString());
        json.WriteString("_to", "airports/" + flight.GetProperty("destination").GetString());
        foreach (var property in flight.EnumerateObject().Where(static one => one.Name is not ("origin" or "destination")))
        {
            property.WriteTo(json);
        }

        json.WriteEndObject();
    }

    private static JsonNode Parse(string json) => JsonNode.Parse(json)!;
}
