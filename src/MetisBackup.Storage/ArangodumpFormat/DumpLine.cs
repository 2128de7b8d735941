using System.Globalization;
using System.Text.Json;
using MetisBackup.Storage.Store;

namespace MetisBackup.Storage.ArangodumpFormat;

/// <summary>
/// Tells what a line of a data file says: a document, by itself or in an envelope, or that a document was removed (arangodb-protocol
/// 8.4). Each line is judged for itself, because files with both kinds exist. Not safe for use by several threads at a time.
/// </summary>
internal sealed class DumpLine
{
    private const int FirstDocument = 2300;
    private const int FirstEdge = 2301;
    private const int Removal = 2302;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = int.MaxValue };

    private readonly DocumentScanner _scanner = new();
    private readonly byte[] _key = new byte[DocumentScanner.MaxKeyLength];
    private int _keyLength;

    /// <summary>Key of the last line that was read.</summary>
    public ReadOnlySpan<byte> Key => _keyLength < 0 ? _scanner.Key : _key.AsSpan(0, _keyLength);

    /// <summary>Where the document stands in the line; empty when the line says that it was removed.</summary>
    /// <exception cref="FormatException">It is no such line; the message says why, as half a sentence.</exception>
    public Range Read(ReadOnlySpan<byte> line)
    {
        _keyLength = -1;
        if (_scanner.Scan(line) is not { } fault)
        {
            RequireJson(line);
            return ..line.Length;
        }

        try
        {
            return ReadEnvelope(line) ?? throw new FormatException(fault);
        }
        catch (JsonException error)
        {
            throw new FormatException(fault, error);
        }
        catch (InvalidOperationException error)
        {
            throw new FormatException("has a key that is not valid text", error);
        }
    }

    /// <summary>The scanner stops behind key and revision; nothing that follows was looked at.</summary>
    private static void RequireJson(ReadOnlySpan<byte> line)
    {
        try
        {
            var json = new Utf8JsonReader(line, Options);
            while (json.Read())
            {
                // every token is checked on the way
            }
        }
        catch (JsonException error)
        {
            throw new FormatException("is not JSON", error);
        }
    }

    /// <summary>Null when it is no envelope.</summary>
    private Range? ReadEnvelope(ReadOnlySpan<byte> line)
    {
        var (type, data) = (0, default(Range?));
        var json = new Utf8JsonReader(line, Options);
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var (isType, isData, isKey) = (json.ValueTextEquals("type"u8), json.ValueTextEquals("data"u8), json.ValueTextEquals("key"u8));
            json.Read();
            if (isType)
            {
                type = json.TokenType == JsonTokenType.Number && json.TryGetInt32(out var number) ? number : 0;
            }
            else if (isKey && json.TokenType == JsonTokenType.String && json.ValueSpan.Length <= _key.Length)
            {
                _keyLength = json.CopyString(_key);
            }

            var start = (int)json.TokenStartIndex;
            json.Skip();
            data = isData ? start..(int)json.BytesConsumed : data;
        }

        return type switch
        {
            FirstDocument or FirstEdge when data is { } document => RequireDocument(line, document),
            Removal => RequireKey(line, data),
            0 => null,
            _ => throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"is an entry of type {type}, which is neither a document nor a removal")),
        };
    }

    private Range RequireDocument(ReadOnlySpan<byte> line, Range document)
    {
        if (_scanner.Scan(line[document]) is { } fault)
        {
            throw new FormatException("holds a document that " + fault);
        }

        _keyLength = -1;
        return document;
    }

    /// <summary>Newer lines have the key in their data, older ones beside it.</summary>
    private Range RequireKey(ReadOnlySpan<byte> line, Range? data)
    {
        if (data is { } range && _scanner.Scan(line[range]) is null)
        {
            _keyLength = -1;
        }
        else if (_keyLength <= 0)
        {
            throw new FormatException("removes a document without naming it");
        }

        return ..0;
    }
}
