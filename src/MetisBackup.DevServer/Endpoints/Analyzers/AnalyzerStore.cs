using System.Text.Json;
using MetisBackup.DevServer.Engine;

namespace MetisBackup.DevServer.Endpoints.Analyzers;

/// <summary>An analyzer as it is defined.</summary>
/// <param name="Name">Without a database; built-in ones belong to none.</param>
/// <param name="Type">identity, text, ngram ….</param>
/// <param name="Properties">Every property of the type, defaults included.</param>
/// <param name="Features">A subset of frequency, norm, position, offset.</param>
internal sealed record Analyzer(string Name, string Type, JsonElement Properties, IReadOnlyList<string> Features);

/// <summary>The built-in analyzers and those kept in the collections <c>_analyzers</c> (arangodb-protocol 12.3).</summary>
internal static class AnalyzerStore
{
    public const string CollectionName = "_analyzers";

    private static readonly string[] Languages = ["de", "en", "es", "fi", "fr", "it", "nl", "no", "pt", "ru", "sv", "zh"];

    public static IReadOnlyList<Analyzer> BuiltIn { get; } =
    [
        new Analyzer("identity", "identity", JsonElement.Parse("{}"), ["frequency", "norm"]),
        .. Languages.Select(static language => new Analyzer(
            "text_" + language,
            "text",
            JsonElement.Parse($$"""{"locale":"{{language}}","case":"lower","stopwords":[],"accent":false,"stemming":true}"""),
            ["frequency", "position", "norm"])),
    ];

    /// <summary>The analyzer that a name means in a database: built-in, its own, or of <c>_system</c> as <c>::name</c>.</summary>
    /// <returns>Null where there is none.</returns>
    public static Analyzer? Find(ReadTransaction reader, string database, string name)
    {
        var (home, bare) = Split(database, name);
        if (name == bare && BuiltIn.FirstOrDefault(analyzer => analyzer.Name == bare) is { } builtIn)
        {
            return builtIn;
        }

        return reader.Catalog.Databases.ContainsKey(home)
            && reader.Catalog.FindCollection(home, CollectionName) is { } collection
            && reader.TryGet(collection, bare, out var document)
                ? Read(document)
                : null;
    }

    /// <summary>The analyzers that a database defines.</summary>
    public static IEnumerable<Analyzer> Defined(ReadTransaction reader, string database) =>
        reader.Catalog.FindCollection(database, CollectionName) is { } collection ? reader.Documents(collection).Select(Read) : [];

    /// <summary>Splits <c>database::name</c>; an empty database is <c>_system</c>.</summary>
    public static (string Database, string Name) Split(string database, string name)
    {
        var colons = name.IndexOf("::", StringComparison.Ordinal);
        return colons < 0 ? (database, name) : (colons == 0 ? "_system" : name[..colons], name[(colons + 2)..]);
    }

    public static void Add(WriteTransaction writer, string database, Analyzer analyzer)
    {
        var collection = SystemCollections.Ensure(writer, database, CollectionName);
        var body = JsonValues.Build(json =>
        {
            json.WriteStartObject();
            json.WriteString("name"u8, analyzer.Name);
            json.WriteString("type"u8, analyzer.Type);
            json.WriteValue("properties", analyzer.Properties);
            json.WriteStartArray("features"u8);
            foreach (var feature in analyzer.Features)
            {
                json.WriteStringValue(feature);
            }

            json.WriteEndArray();
            json.WriteNumber("revision"u8, 0);
            json.WriteEndObject();
        });
        var parsed = DocumentText.Parse(System.Text.Encoding.UTF8.GetBytes(body.GetRawText()), isEdge: false);
        writer.Insert(collection, new StoredDocument(analyzer.Name, writer.NewRevision(), parsed.Body));
    }

    private static Analyzer Read(StoredDocument document)
    {
        var body = JsonElement.Parse(document.Body.Span);
        return new Analyzer(
            body.TextOf("name") ?? document.Key,
            body.TextOf("type") ?? "identity",
            body.ObjectOf("properties") ?? JsonElement.Parse("{}"),
            body.TextsOf("features"));
    }
}
