using System.IO.Hashing;
using System.Text.Json;
using MetisBackup.Core.Revisions;

namespace MetisBackup.Storage.Store;

/// <summary>
/// Finds <c>_key</c> and <c>_rev</c> among the top-level attributes of a document, in whatever order they come, and reads no further.
/// Not safe for use by several threads at a time.
/// </summary>
internal sealed class DocumentScanner
{
    /// <summary>Longest key that is taken; the server's limit is 254 bytes.</summary>
    public const int MaxKeyLength = 1024;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = int.MaxValue };

    private readonly byte[] _key = new byte[MaxKeyLength];
    private readonly byte[] _rev = new byte[MaxKeyLength];
    private int _keyLength;
    private int _revLength;
    private Range _revText;
    private Range _idText;

    /// <summary>The key that the last successful scan found, unescaped.</summary>
    public ReadOnlySpan<byte> Key => _key.AsSpan(0, _keyLength);

    /// <summary>The revision that the last successful scan found; 0 when the document has none.</summary>
    public RevisionId Revision { get; private set; }

    /// <summary>Returns null, or what is wrong with the line.</summary>
    public string? Scan(ReadOnlySpan<byte> line)
    {
        (_keyLength, _revLength, _idText) = (-1, -1, default);
        if (!line.TrimEnd(" \t\r"u8).EndsWith("}"u8))
        {
            return "is cut off or not a JSON object";
        }

        try
        {
            var fault = Read(new Utf8JsonReader(line, Options));
            Revision = _revLength < 0 ? default : RevisionId.ParseRev(_rev.AsSpan(0, _revLength));
            return fault ?? (_keyLength <= 0 ? "has no _key" : null);
        }
        catch (JsonException)
        {
            return "is not JSON";
        }
        catch (InvalidOperationException)
        {
            // CopyString: an escape that is half a surrogate pair, or bytes that are not UTF-8
            return "has a _key or _rev that is not valid text";
        }
    }

    /// <summary>
    /// Hash (XXH3-64) of the line of the last successful scan without the values of its <c>_rev</c> and of an <c>_id</c> before it, which
    /// says no more than the name of the collection at that time.
    /// </summary>
    public ulong HashContent(ReadOnlySpan<byte> line)
    {
        if (_revLength < 0)
        {
            return XxHash3.HashToUInt64(line);
        }

        var hash = new XxHash3();
        hash.Append(line[.._idText.Start]);
        hash.Append(line[_idText.End.._revText.Start]);
        hash.Append(line[_revText.End..]);
        return hash.GetCurrentHashAsUInt64();
    }

    private string? Read(Utf8JsonReader json)
    {
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
        {
            return "is not a JSON object";
        }

        while ((_keyLength < 0 || _revLength < 0) && json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isKey = json.ValueTextEquals("_key"u8);
            if (!isKey && !json.ValueTextEquals("_rev"u8))
            {
                var isId = _revLength < 0 && json.ValueTextEquals("_id"u8);
                json.Skip();
                _idText = isId ? (int)json.TokenStartIndex..(int)json.BytesConsumed : _idText;
                continue;
            }

            if (!json.Read() || json.TokenType != JsonTokenType.String || json.ValueSpan.Length > MaxKeyLength)
            {
                return isKey ? "has a _key that is not a text of at most 1024 bytes" : "has a _rev that is not a text";
            }

            if (isKey)
            {
                _keyLength = json.CopyString(_key);
            }
            else
            {
                _revLength = json.CopyString(_rev);
                _revText = (int)json.TokenStartIndex..(int)json.BytesConsumed;
            }
        }

        return null;
    }
}
