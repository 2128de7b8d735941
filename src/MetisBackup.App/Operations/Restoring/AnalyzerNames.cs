using System.Text.Json;
using System.Text.Json.Nodes;

namespace MetisBackup.App.Operations.Restoring;

/// <summary>
/// Analyzers of a database may be named <c>database::analyzer</c> in its views and indexes; in another database they belong to that one
/// (arangodb-protocol 12.3). A definition that mentions none stays byte for byte as it is.
/// </summary>
internal sealed class AnalyzerNames(string origin, string target)
{
    private readonly string _from = origin + "::";
    private readonly string _to = target + "::";

    /// <summary>The definition for the target.</summary>
    public ReadOnlyMemory<byte> Apply(ReadOnlyMemory<byte> json)
    {
        if (_from == _to || json.Span.IndexOf("::"u8) < 0 || JsonNode.Parse(json.Span) is not { } node)
        {
            return json;
        }

        node = Rename(node, isAnalyzer: false)!;
        using var body = new MemoryStream();
        using (var writer = new Utf8JsonWriter(body, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            node.WriteTo(writer);
        }

        return body.ToArray();
    }

    private JsonNode? Rename(JsonNode? node, bool isAnalyzer)
    {
        switch (node)
        {
            case JsonObject parent:
                return new JsonObject(parent.Select(child => KeyValuePair.Create(child.Key, Rename(child.Value, child.Key is "analyzer" or "analyzers"))));
            case JsonArray list:
                return new JsonArray([.. list.Select(child => Rename(child, isAnalyzer))]);
            case JsonValue value when isAnalyzer && value.TryGetValue<string>(out var text) && text.StartsWith(_from, StringComparison.Ordinal):
                return JsonValue.Create(_to + text[_from.Length..]);
            default:
                return node?.DeepClone();
        }
    }
}
