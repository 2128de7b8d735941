using System.Text;
using System.Text.Json;
using MetisBackup.DevServer.Aql;
using MetisBackup.DevServer.Engine;

namespace MetisBackup.DevServer.Endpoints.Documents;

/// <summary>The attributes of a collection's documents that the server computes (arangodb-protocol 12.6).</summary>
internal sealed class ComputedValues
{
    private readonly CollectionInfo _collection;
    private readonly List<ComputedValue> _values;

    private ComputedValues(CollectionInfo collection, List<ComputedValue> values)
    {
        _collection = collection;
        _values = values;
    }

    /// <summary>What the collection computes; null for nothing.</summary>
    public static ComputedValues? Of(CollectionInfo collection) =>
        collection.Properties.Find("computedValues") is { ValueKind: JsonValueKind.Array } values && values.GetArrayLength() > 0
            ? new ComputedValues(collection, [.. values.EnumerateArray().Select(Read)])
            : null;

    /// <summary>Reads an expression and checks that it computes one value from <c>@doc</c> alone.</summary>
    /// <exception cref="ArangoException">400/E15xx for the text; 400/E10 for queries that read or write collections.</exception>
    public static ParsedQuery Parse(string expression)
    {
        var query = AqlParser.Parse(expression);
        if (query.Root.Statements is not [ReturnStatement])
        {
            throw ArangoErrors.BadParameter("computation expression needs to be a RETURN statement");
        }

        if (query.Names.Sources.Count > 0 || query.Names.Targets.Count > 0)
        {
            throw ArangoErrors.BadParameter("computation expression must not access collections");
        }

        return query.Names.Parameters.TrueForAll(static name => name == "doc")
            ? query
            : throw ArangoErrors.BadParameter("computation expression may use the bind parameter @doc alone");
    }

    /// <summary>The body with the values computed that belong to this kind of write.</summary>
    /// <param name="document">The document as it would be stored.</param>
    /// <param name="moment"><c>insert</c>, <c>update</c> or <c>replace</c>.</param>
    /// <param name="transaction">Where the document is written.</param>
    public ReadOnlyMemory<byte> Apply(in StoredDocument document, string moment, WriteTransaction transaction)
    {
        var body = document.Body;
        var before = new AqlDocument(_collection.Name, document);
        foreach (var value in _values)
        {
            if (!value.Moments.Contains(moment) || (!value.Overwrite && HasAttribute(document.Body, value.Name)))
            {
                continue;
            }

            var computed = Evaluate(value, before, transaction);
            var patch = JsonValues.Build(writer =>
            {
                writer.WriteStartObject();
                writer.WritePropertyName(value.Name);
                writer.WriteRawValue(AqlJson.ToUtf8(computed).Span, skipInputValidation: true);
                writer.WriteEndObject();
            });
            body = DocumentMerge.Merge(body, Encoding.UTF8.GetBytes(patch.GetRawText()), mergeObjects: false, value.KeepNull);
        }

        return DocumentText.Parse(body.Span, _collection.Type == 3).Body;
    }

    private static bool HasAttribute(ReadOnlyMemory<byte> body, string name)
    {
        using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = DocumentBatch.MaxDepth });
        return document.RootElement.TryGetProperty(name, out _);
    }

    private static ComputedValue Read(JsonElement value) => new(
        value.TextOf("name")!,
        Parse(value.TextOf("expression")!),
        value.Find("computeOn")!.Value.EnumerateArray().Select(static moment => moment.GetString()!).ToHashSet(StringComparer.Ordinal),
        value.FlagOf("overwrite"),
        value.FlagOf("keepNull", fallback: true),
        value.FlagOf("failOnWarning"));

    private AqlValue Evaluate(ComputedValue value, AqlDocument document, WriteTransaction transaction)
    {
        var database = transaction.Catalog.DatabaseById(_collection.DatabaseId)?.Name ?? "";
        var environment = new QueryEnvironment(database, transaction.Time, new QueryOptions { FailOnWarning = value.FailOnWarning });
        var parameters = new Dictionary<string, AqlValue>(StringComparer.Ordinal) { ["doc"] = document };
        var context = new QueryContext(value.Query, environment, parameters) { Reader = transaction };
        return new QueryExecutor(context).Run().First();
    }

    private sealed record ComputedValue(
        string Name, ParsedQuery Query, HashSet<string> Moments, bool Overwrite, bool KeepNull, bool FailOnWarning);
}
