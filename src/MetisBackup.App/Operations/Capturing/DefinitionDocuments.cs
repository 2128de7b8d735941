using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MetisBackup.Core.Planning;

namespace MetisBackup.App.Operations.Capturing;

/// <summary>Reads the documents of system collections that define something: named graphs, analyzers, AQL functions.</summary>
internal static class DefinitionDocuments
{
    /// <summary>What the documents of a collection define; null when they define nothing that has a name.</summary>
    public static RestoreObject? KindOf(string collection) => collection switch
    {
        SystemCollections.Graphs => RestoreObject.Graph,
        SystemCollections.Analyzers => RestoreObject.Analyzer,
        SystemCollections.Functions => RestoreObject.Function,
        _ => null,
    };

    /// <summary>The definitions in some lines of JSON. A line that is none is passed over: it is data all the same.</summary>
    public static IEnumerable<DefinitionFacts> Read(RestoreObject kind, ReadOnlyMemory<byte> lines)
    {
        foreach (var document in Documents(lines))
        {
            if (Text(document, kind == RestoreObject.Graph ? "_key" : "name") is { Length: > 0 } name)
            {
                yield return new DefinitionFacts(kind, name, Fingerprint(document)) { Collections = kind == RestoreObject.Graph ? [.. CollectionsOf(document)] : [] };
            }
        }
    }

    /// <summary>The collections that named graphs refer to (arangodb-protocol 12.2).</summary>
    public static IEnumerable<string> CollectionsOfGraphs(ReadOnlyMemory<byte> lines) => Documents(lines).SelectMany(CollectionsOf);

    /// <summary>The values of a text attribute.</summary>
    public static IEnumerable<string> ReadTexts(ReadOnlyMemory<byte> lines, string name) =>
        Documents(lines).Select(document => Text(document, name)).OfType<string>();

    private static IEnumerable<string> CollectionsOf(JsonElement graph) => Items(graph, "edgeDefinitions")
        .Where(static one => one.ValueKind == JsonValueKind.Object)
        .SelectMany(static one => Names(one, "from").Concat(Names(one, "to")).Append(Text(one, "collection") ?? ""))
        .Concat(Names(graph, "orphanCollections"));

    private static IEnumerable<JsonElement> Documents(ReadOnlyMemory<byte> lines)
    {
        while (!lines.IsEmpty)
        {
            var end = lines.Span.IndexOf((byte)'\n');
            var line = end < 0 ? lines : lines[..end];
            lines = end < 0 ? default : lines[(end + 1)..];
            if (line.Length > 2)
            {
                using var json = JsonDocument.Parse(line);
                yield return json.RootElement.Clone();
            }
        }
    }

    /// <summary>Over everything but the revision, and the id, which names the collection only.</summary>
    private static string Fingerprint(JsonElement document)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var member in document.EnumerateObject().Where(static one => one.Name is not ("_rev" or "_id")).OrderBy(static one => one.Name, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(member.Name));
            hash.AppendData(Encoding.UTF8.GetBytes(member.Value.GetRawText()));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static IEnumerable<string> Names(JsonElement parent, string name) =>
        Items(parent, name).Where(static one => one.ValueKind == JsonValueKind.String).Select(static one => one.GetString()!);

    private static JsonElement.ArrayEnumerator Items(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : default;

    private static string? Text(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
