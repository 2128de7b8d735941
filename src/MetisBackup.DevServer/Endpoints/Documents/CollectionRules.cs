using System.Text.Json;
using MetisBackup.Arango.Protocol;
using MetisBackup.DevServer.Engine;

namespace MetisBackup.DevServer.Endpoints.Documents;

/// <summary>What a collection's properties ask of its documents, read once per request.</summary>
internal sealed class CollectionRules
{
    private const int MaxKeyLength = 254;
    private readonly bool _allowUserKeys = true;
    private readonly bool _keysAreNumbers;

    public CollectionRules(CollectionInfo collection)
    {
        Collection = collection;
        EncodedName = JsonEncodedText.Encode(collection.Name, Hosting.ArangoResponse.WriterOptions.Encoder);
        IsEdge = collection.Type == 3;
        var properties = collection.Properties;
        Computed = ComputedValues.Of(collection);
        Schema = properties.TryGetProperty("schema"u8, out var schema) ? DocumentSchema.Of(schema) : null;
        if (properties.TryGetProperty("keyOptions"u8, out var options) && options.ValueKind == JsonValueKind.Object)
        {
            _allowUserKeys = !options.TryGetProperty("allowUserKeys"u8, out var allow) || allow.ValueKind != JsonValueKind.False;
            _keysAreNumbers = options.TryGetProperty("type"u8, out var type) && type.ValueEquals("autoincrement"u8);
        }
    }

    public CollectionInfo Collection { get; }

    /// <summary>The collection's name as it stands inside a JSON text.</summary>
    public JsonEncodedText EncodedName { get; }

    public bool IsEdge { get; }

    /// <summary>Null where nothing is computed.</summary>
    public ComputedValues? Computed { get; }

    /// <summary>Null where documents are not checked.</summary>
    public DocumentSchema? Schema { get; }

    /// <summary>Checks a key that the client chose.</summary>
    /// <exception cref="ArangoException">400/E1221 for a malformed key, 400/E1222 where only generated keys are allowed.</exception>
    public void CheckKey(string key, bool isRestore)
    {
        if (!_allowUserKeys && !isRestore)
        {
            throw new ArangoException(400, ErrorNumber.DocumentKeyUnexpected, "unexpected document key");
        }

        if (!IsKey(key) || (_keysAreNumbers && !isRestore && !IsNumber(key)))
        {
            throw ArangoErrors.IllegalKey();
        }
    }

    /// <summary>Letters, digits and some signs of ASCII, 254 at most.</summary>
    public static bool IsKey(ReadOnlySpan<char> key)
    {
        if (key.Length is 0 or > MaxKeyLength)
        {
            return false;
        }

        foreach (var c in key)
        {
            if (!char.IsAsciiLetterOrDigit(c) && !"_:-@.()+,=;$!*'%".Contains(c, StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A document id: a collection's name, a slash, a key.</summary>
    public static bool IsId(ReadOnlySpan<char> id)
    {
        var slash = id.IndexOf('/');
        return slash > 0 && IsKey(id[(slash + 1)..]);
    }

    private static bool IsNumber(string key) => ulong.TryParse(key, out _) && char.IsAsciiDigit(key[0]);
}
