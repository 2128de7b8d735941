using System.Text;
using MetisBackup.Core.Snapshots;
using MetisBackup.Storage.Sorting;
using MetisBackup.Storage.Store;

namespace MetisBackup.App.Operations.Comparing;

/// <summary>Looks up documents of a snapshot for a comparison.</summary>
internal static class StoredDocuments
{
    /// <summary>Puts all documents into the records of <paramref name="target"/> by their content.</summary>
    public static async Task<long> ReadContentAsync(
        SnapshotReader reader, CollectionRecord collection, (KeyedRecords Records, bool IsAfter) target, IOperationProgress progress, CancellationToken cancellationToken)
    {
        await foreach (var block in reader.ReadDocumentsAsync(collection, cancellationToken))
        {
            using (block)
            {
                target.Records.AddDocuments(target.IsAfter, block.Lines.Span, byContent: true);
                progress.Advance(collection.Name, block.Documents, block.Lines.Length);
            }
        }

        return collection.Documents;
    }

    /// <summary>One document: by revision and place where they are known, otherwise by its key.</summary>
    public static async Task<byte[]?> FetchAsync(
        SnapshotReader reader, CollectionRecord collection, string key, KeyedValue? value, CancellationToken cancellationToken)
    {
        if ((value ?? Find(reader, collection, key, cancellationToken)) is not { } wanted)
        {
            return null;
        }

        var selection = new DocumentSelection();
        selection.Add(wanted.Place, wanted.Value);
        byte[]? found = null;
        await foreach (var block in reader.ReadDocumentsAsync(collection, selection, cancellationToken))
        {
            using (block)
            {
                found ??= LineOf(block.Lines, key)?.ToArray();
            }
        }

        return found;
    }

    /// <summary>Where the document with a key is; null when there is none.</summary>
    public static KeyedValue? Find(SnapshotReader reader, CollectionRecord collection, string key, CancellationToken cancellationToken)
    {
        var wanted = Encoding.UTF8.GetBytes(key);
        foreach (var block in reader.ReadRevisionBlocks(collection))
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (var position = 0; position < block.Count; position++)
            {
                if (block.KeyOf(position).SequenceEqual(wanted))
                {
                    return new KeyedValue(block.Revisions[position], block.PlaceOf(position));
                }
            }
        }

        return null;
    }

    /// <summary>The line of the document with a key; null when it is not among them.</summary>
    public static ReadOnlyMemory<byte>? LineOf(ReadOnlyMemory<byte> lines, string key)
    {
        while (!lines.IsEmpty)
        {
            var end = lines.Span.IndexOf((byte)'\n');
            var line = end < 0 ? lines : lines[..end];
            lines = end < 0 ? default : lines[(end + 1)..];
            if (HasKey(line.Span, key))
            {
                return line;
            }
        }

        return null;
    }

    private static bool HasKey(ReadOnlySpan<byte> document, string key)
    {
        var json = new System.Text.Json.Utf8JsonReader(document, new System.Text.Json.JsonReaderOptions { MaxDepth = int.MaxValue });
        json.Read();
        while (json.Read() && json.TokenType == System.Text.Json.JsonTokenType.PropertyName)
        {
            var isKey = json.ValueTextEquals("_key"u8);
            json.Read();
            if (isKey)
            {
                return json.ValueTextEquals(key);
            }

            json.Skip();
        }

        return false;
    }
}
