using System.Text.Json;
using MetisBackup.DevServer.Engine;

namespace MetisBackup.DevServer.Endpoints.Analyzers;

/// <summary>Checks the definition of an analyzer and completes its properties (arangodb-protocol 12.3).</summary>
internal static class AnalyzerDefinition
{
    private const int MaxNameLength = 254;

    private static readonly string[] Features = ["frequency", "norm", "position", "offset"];

    /// <summary>The types with the properties that they always have; null stands for one that must be given.</summary>
    private static readonly Dictionary<string, JsonElement> Types = new(StringComparer.Ordinal)
    {
        ["identity"] = JsonElement.Parse("{}"),
        ["delimiter"] = JsonElement.Parse("""{"delimiter":null}"""),
        ["multi_delimiter"] = JsonElement.Parse("""{"delimiters":null}"""),
        ["stem"] = JsonElement.Parse("""{"locale":null}"""),
        ["norm"] = JsonElement.Parse("""{"locale":null,"case":"none","accent":true}"""),
        ["ngram"] = JsonElement.Parse("""{"min":null,"max":null,"preserveOriginal":null,"streamType":"binary","startMarker":"","endMarker":""}"""),
        ["text"] = JsonElement.Parse("""{"locale":null,"case":"lower","stopwords":[],"accent":false,"stemming":true}"""),
        ["collation"] = JsonElement.Parse("""{"locale":null}"""),
        ["aql"] = JsonElement.Parse("""{"queryString":null,"collapsePositions":false,"keepNull":true,"batchSize":10,"memoryLimit":1048576,"returnType":"string"}"""),
        ["stopwords"] = JsonElement.Parse("""{"stopwords":null,"hex":false}"""),
        ["segmentation"] = JsonElement.Parse("""{"break":"alpha","case":"lower"}"""),
        ["pipeline"] = JsonElement.Parse("""{"pipeline":null}"""),
        ["minhash"] = JsonElement.Parse("""{"analyzer":null,"numHashes":null}"""),
        ["wildcard"] = JsonElement.Parse("""{"ngramSize":null}"""),
        ["classification"] = JsonElement.Parse("""{"model_location":null,"top_k":1,"threshold":0.99}"""),
        ["nearest_neighbors"] = JsonElement.Parse("""{"model_location":null,"top_k":1}"""),
        ["geojson"] = JsonElement.Parse("""{"type":"shape","options":{"maxCells":20,"minLevel":4,"maxLevel":23},"legacy":false}"""),
        ["geo_s2"] = JsonElement.Parse("""{"type":"shape","options":{"maxCells":20,"minLevel":4,"maxLevel":23},"format":"latLngDouble"}"""),
        ["geopoint"] = JsonElement.Parse("""{"options":{"maxCells":20,"minLevel":4,"maxLevel":23},"latitude":[],"longitude":[]}"""),
    };

    /// <summary>The definition of a request, complete.</summary>
    /// <exception cref="ArangoException">400/E10 for anything missing or invalid.</exception>
    public static Analyzer Parse(string database, JsonElement body)
    {
        var (home, name) = AnalyzerStore.Split(database, body.TextOf("name") ?? throw ArangoErrors.BadParameter("invalid 'name', expecting body to be of the form { name: <string>, type: <string>[, properties: <object>[, features: <string-array>]] }"));
        if (home != database || !IsName(name))
        {
            throw ArangoErrors.BadParameter("invalid characters in analyzer name '" + name + "'");
        }

        var type = body.TextOf("type") ?? throw ArangoErrors.BadParameter("invalid 'type', expecting body to be of the form { name: <string>, type: <string>[, properties: <object>[, features: <string-array>]] }");
        if (!Types.TryGetValue(type, out var defaults))
        {
            throw ArangoErrors.BadParameter($"Not implemented analyzer type '{type}'.");
        }

        var features = body.TextsOf("features");
        if (body.Find("features") is { ValueKind: not (JsonValueKind.Array or JsonValueKind.Null) } || features.Any(static f => !Features.Contains(f, StringComparer.Ordinal)))
        {
            throw ArangoErrors.BadParameter("invalid 'features', expecting body to be of the form { name: <string>, type: <string>[, properties: <object>[, features: <string-array>]] }");
        }

        return new Analyzer(name, type, Complete(type, defaults, PropertiesOf(type, body)), features);
    }

    /// <summary>The properties as an object: a text stands for the delimiter, or for the locale.</summary>
    private static JsonElement PropertiesOf(string type, JsonElement body) => body.TextOf("properties") switch
    {
        { } text when type == "delimiter" => JsonValues.Build(writer => WriteProperty(writer, "delimiter", text)),
        { } text when type is "stem" or "norm" or "text" => JsonValues.Build(writer => WriteProperty(writer, "locale", text)),
        _ => body.ObjectOf("properties") ?? JsonElement.Parse("{}"),
    };

    private static void WriteProperty(Utf8JsonWriter writer, string name, string value)
    {
        writer.WriteStartObject();
        writer.WriteString(name, value);
        writer.WriteEndObject();
    }

    private static bool IsName(string name) =>
        name.Length is > 0 and <= MaxNameLength && char.IsAsciiLetter(name[0]) && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');

    private static JsonElement Complete(string type, JsonElement defaults, JsonElement given) => JsonValues.Build(writer =>
    {
        writer.WriteStartObject();
        foreach (var property in defaults.EnumerateObject())
        {
            var value = given.Find(property.Name) ?? property.Value;
            if (value.ValueKind == JsonValueKind.Null)
            {
                throw ArangoErrors.BadParameter($"Failure initializing an arangosearch analyzer instance of type '{type}': missing property '{property.Name}'");
            }

            writer.WriteValue(property.Name, property.Name == "options" && value.ValueKind == JsonValueKind.Object ? Complete(type, property.Value, value) : value);
        }

        foreach (var property in given.EnumerateObject().Where(p => defaults.Find(p.Name) is null))
        {
            property.WriteTo(writer);
        }

        writer.WriteEndObject();
    });
}
