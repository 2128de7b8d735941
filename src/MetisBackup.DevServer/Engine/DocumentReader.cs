using System.Text.Json;
using System.Text.Unicode;

namespace MetisBackup.DevServer.Engine;

/// <summary>Reads the text of one document and writes its canonical body.</summary>
internal ref struct DocumentReader
{
    private Utf8JsonReader _reader;
    private readonly CanonicalWriter _body;
    private string? _key;
    private string? _id;
    private string? _revision;
    private string? _from;
    private string? _to;
    private bool _keyIsText;

    private DocumentReader(ReadOnlySpan<byte> json, CanonicalWriter body, int nestingLimit)
    {
        _reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = nestingLimit });
        _body = body;
        _keyIsText = true;
    }

    /// <inheritdoc cref="DocumentText.Parse"/>
    public static ParsedDocument Read(ReadOnlySpan<byte> json, bool isEdge, int nestingLimit)
    {
        if (!Utf8.IsValid(json))
        {
            throw ArangoErrors.CorruptedJson("VPackError error: Invalid UTF-8 sequence.");
        }

        var writer = CanonicalWriter.Rent(json.Length);
        try
        {
            var document = new DocumentReader(json, writer, nestingLimit);
            document.ReadObject();
            return document.Finish(isEdge);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw ArangoErrors.InvalidJson(e);
        }
        finally
        {
        }
    }

    private readonly ParsedDocument Finish(bool isEdge)
    {
        var body = isEdge && _from is not null && _to is not null ? _body.WithEdge(_from, _to) : _body.ToArray();
        return new ParsedDocument
        {
            Key = _key,
            KeyIsText = _keyIsText,
            Id = _id,
            Revision = _revision,
            From = _from,
            To = _to,
            Body = body,
        };
    }

    private void ReadObject()
    {
        _reader.Read();
        if (_reader.TokenType != JsonTokenType.StartObject)
        {
            throw new ArangoException(400, 1227, "invalid document type");
        }

        _body.StartObject();
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!TakeSystemAttribute())
            {
                _body.Name(ref _reader);
                _reader.Read();
                _body.Value(ref _reader);
            }
        }

        _body.EndObject();
        if (_reader.Read())
        {
            throw new JsonException("Unexpected text behind the document.");
        }
    }

    private bool TakeSystemAttribute()
    {
        if (!_reader.ValueIsEscaped && (_reader.ValueSpan.Length is < 3 or > 5 || _reader.ValueSpan[0] != '_'))
        {
            return false;
        }

        if (_reader.ValueTextEquals("_key"u8))
        {
            _key = TakeText(_key);
            _keyIsText = _key is not null;
        }
        else if (_reader.ValueTextEquals("_id"u8))
        {
            _id = TakeText(_id);
        }
        else if (_reader.ValueTextEquals("_rev"u8))
        {
            _revision = TakeText(_revision);
        }
        else if (_reader.ValueTextEquals("_from"u8))
        {
            _from = TakeText(_from);
        }
        else if (_reader.ValueTextEquals("_to"u8))
        {
            _to = TakeText(_to);
        }
        else
        {
            return false;
        }

        return true;
    }

    private string? TakeText(string? before)
    {
        if (before is not null)
        {
            throw new JsonException("Duplicate attribute name");
        }

        _reader.Read();
        if (_reader.TokenType == JsonTokenType.String)
        {
            return _reader.GetString();
        }

        _reader.Skip();
        return null;
    }
}
