using System.Text.Json;
using MetisBackup.Arango.Protocol;
using MetisBackup.Core.Revisions;
using MetisBackup.DevServer.Engine;

namespace MetisBackup.DevServer.Endpoints.Documents;

/// <summary>Which document a call means, and the revision that the caller expects it to have.</summary>
internal readonly record struct DocumentReference(string Key, RevisionId? Expected)
{
    /// <summary>Reads an item of a batch: a key, an id, or an object with <c>_key</c> or <c>_id</c> and perhaps <c>_rev</c>.</summary>
    /// <exception cref="ArangoException">400/E1205 for anything else.</exception>
    public static DocumentReference Parse(ReadOnlySpan<byte> json, bool ignoreRevs)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = DocumentBatch.MaxDepth });
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
        {
            return new DocumentReference(KeyPart(reader.GetString()!), null);
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw BadHandle();
        }

        string? key = null;
        string? id = null;
        RevisionId? expected = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isKey = reader.ValueTextEquals("_key"u8);
            var isId = reader.ValueTextEquals("_id"u8);
            var isRevision = reader.ValueTextEquals("_rev"u8);
            reader.Read();
            if (reader.TokenType == JsonTokenType.String)
            {
                key = isKey ? reader.GetString() : key;
                id = isId ? reader.GetString() : id;
                expected = isRevision && !ignoreRevs ? RevisionId.ParseRev(reader.GetString()!) : expected;
            }

            reader.Skip();
        }

        return new DocumentReference(key ?? (id is null ? throw BadHandle() : KeyPart(id)), expected);
    }

    private static string KeyPart(string text)
    {
        var key = text[(text.IndexOf('/', StringComparison.Ordinal) + 1)..];
        return key.Length > 0 ? key : throw BadHandle();
    }

    private static ArangoException BadHandle() => new(400, ErrorNumber.DocumentHandleBad, "illegal document identifier");
}
