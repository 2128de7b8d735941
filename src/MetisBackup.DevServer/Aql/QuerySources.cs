using System.Text.Json;
using MetisBackup.DevServer.Engine;

namespace MetisBackup.DevServer.Aql;

/// <summary>The documents that a collection or view name stands for.</summary>
internal static class QuerySources
{
    private const int ShuffledAtOnce = 1000;

    /// <summary>All documents, of a view those of its collections.</summary>
    /// <exception cref="ArangoException">404/E1203 where neither a collection nor a view has this name.</exception>
    public static IEnumerable<AqlValue> Documents(QueryContext context, DataSource source)
    {
        var name = context.NameOf(source);
        var catalog = context.Reader.Catalog;
        if (catalog.FindCollection(context.Database, name) is { } collection)
        {
            return Scan(context, collection);
        }

        var view = catalog.FindView(context.Database, name) ?? throw AqlErrors.UnknownCollection(name);
        return Collections(view).Distinct(StringComparer.Ordinal)
            .Select(linked => catalog.FindCollection(context.Database, linked))
            .OfType<CollectionInfo>()
            .SelectMany(linked => Scan(context, linked));
    }

    /// <summary>The documents with these keys, as far as they exist, in the order of the keys.</summary>
    public static IEnumerable<AqlValue> Lookup(QueryContext context, CollectionInfo collection, IEnumerable<AqlValue> keys)
    {
        foreach (var key in keys.Where(static k => k.IsText).Distinct(AqlComparer.Instance))
        {
            context.Statistics.DocumentLookups++;
            if (context.Lookups.TryGet(collection, key.Text, out var document))
            {
                context.Statistics.ScannedIndex++;
                yield return new AqlDocument(collection.Name, document);
            }
        }
    }

    private static IEnumerable<AqlValue> Scan(QueryContext context, CollectionInfo collection)
    {
        var documents = context.Reader.Documents(collection);
        foreach (var document in context.ShuffleScans ? documents.Chunk(ShuffledAtOnce).SelectMany(static chunk => chunk.Reverse()) : documents)
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            context.Statistics.ScannedFull++;
            yield return new AqlDocument(collection.Name, document);
        }
    }

    private static IEnumerable<string> Collections(ViewInfo view)
    {
        if (view.Properties.TryGetProperty("links", out var links) && links.ValueKind == JsonValueKind.Object)
        {
            return links.EnumerateObject().Select(static link => link.Name);
        }

        return view.Properties.TryGetProperty("indexes", out var indexes) && indexes.ValueKind == JsonValueKind.Array
            ? indexes.EnumerateArray().Select(static index => index.GetProperty("collection").GetString() ?? "")
            : [];
    }
}
