using MetisBackup.DevServer.Engine;

namespace MetisBackup.DevServer.Aql;

/// <summary>Writes the documents of one collection on behalf of a query.</summary>
internal sealed class DocumentWriter(WriteTransaction writer, CollectionInfo collection, ModifyOptions options)
{
    private const int EdgeCollection = 3;

    /// <summary>Inserts, or does what the overwrite mode says where the key is taken.</summary>
    /// <returns>Null where the mode is to ignore it.</returns>
    public DocumentChange? Insert(AqlValue document)
    {
        var parsed = Parse(document);
        if (parsed is { Key: null, KeyIsText: false } && document.HasAttribute("_key"))
        {
            throw ArangoErrors.IllegalKey();
        }

        if (parsed.Key is { } key && writer.TryGet(collection, key, out var old))
        {
            switch (options.OverwriteMode)
            {
                case "ignore":
                    return null;
                case "replace" or "update":
                    return Store(old, document, options.OverwriteMode == "replace");
            }
        }

        var stored = new StoredDocument(parsed.Key ?? writer.NewKey(collection), writer.NewRevision(), parsed.Body);
        writer.Insert(collection, stored);
        return new DocumentChange(AqlValue.Null, new AqlDocument(collection.Name, stored));
    }

    /// <summary>Updates or replaces the document that <paramref name="key"/> (a key or a document) names.</summary>
    /// <exception cref="ArangoException">404/E1202 where there is none.</exception>
    public DocumentChange Change(AqlValue key, AqlValue document, bool replace)
    {
        var old = Existing(key);
        return Store(old, document, replace);
    }

    public DocumentChange Remove(AqlValue key)
    {
        var old = Existing(key);
        writer.Remove(collection, old.Key);
        return new DocumentChange(new AqlDocument(collection.Name, old), AqlValue.Null);
    }

    private StoredDocument Existing(AqlValue key)
    {
        var text = key.IsObject ? key.Attribute("_key") : key;
        if (!text.IsText)
        {
            throw key.IsObject ? new ArangoException(400, 1226, "missing document key") : new ArangoException(400, 1205, "illegal document handle");
        }

        if (!writer.TryGet(collection, text.Text, out var document))
        {
            throw ArangoErrors.DocumentNotFound();
        }

        var expected = key.Attribute("_rev");
        return options.IgnoreRevs || !expected.IsText || expected.Text == document.Revision.ToRev()
            ? document
            : throw new ArangoException(409, 1200, "conflict, _rev values do not match");
    }

    private DocumentChange Store(StoredDocument old, AqlValue document, bool replace)
    {
        var before = new AqlDocument(collection.Name, old);
        var merged = replace ? document : Merge(before, document, options.MergeObjects);
        var stored = new StoredDocument(old.Key, writer.NewRevision(), Parse(merged).Body);
        writer.Replace(collection, stored);
        return new DocumentChange(before, new AqlDocument(collection.Name, stored));
    }

    private ParsedDocument Parse(AqlValue document) =>
        DocumentText.Parse(AqlJson.ToUtf8(document).Span, collection.Type == EdgeCollection);

    /// <summary>Patches <paramref name="old"/>; without keepNull a null removes the attribute.</summary>
    private AqlValue Merge(AqlValue old, AqlValue patch, bool deep)
    {
        var result = new AttributeList(old.Attributes.Count);
        result.SetAll(old);
        foreach (var (name, value) in patch.Attributes)
        {
            result.Set(name, deep && value.IsObject && result.Find(name) is { IsObject: true } inner ? Merge(inner, value, deep) : value);
        }

        var removed = options.KeepNull ? [] : patch.Attributes.Where(static a => a.Value.IsNull).Select(static a => a.Key).ToHashSet(StringComparer.Ordinal);
        return AqlValue.From([.. result.Items.Where(a => !removed.Contains(a.Key))]);
    }
}
