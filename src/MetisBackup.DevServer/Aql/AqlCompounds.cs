using System.Text.Json;
using MetisBackup.DevServer.Engine;

namespace MetisBackup.DevServer.Aql;

internal abstract class AqlArrayBase : AqlValue
{
    public override AqlType Type => AqlType.Array;

    public override bool IsTrue => true;

    public override double Number => Items.Count == 1 ? Items[0].Number : 0;

    public override string Text => ToJson();

    public override void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartArray();
        foreach (var item in Items)
        {
            item.WriteTo(writer);
        }

        writer.WriteEndArray();
    }
}

internal sealed class AqlArray(IReadOnlyList<AqlValue> items) : AqlArrayBase
{
    public override IReadOnlyList<AqlValue> Items => items;
}

internal sealed class AqlJsonArray(JsonElement element) : AqlArrayBase
{
    private AqlValue[]? _items;

    public override IReadOnlyList<AqlValue> Items => _items ??= [.. element.EnumerateArray().Select(From)];

    public override void WriteTo(Utf8JsonWriter writer) => element.WriteTo(writer);
}

/// <summary>The integers of <c>from..to</c>, upwards or downwards, without storing them.</summary>
internal sealed class AqlRange(long from, long to) : AqlArrayBase, IReadOnlyList<AqlValue>
{
    public override IReadOnlyList<AqlValue> Items => this;

    public int Count => checked((int)(Math.Abs(to - from) + 1));

    public AqlValue this[int index] => From(from <= to ? from + index : from - index);

    public IEnumerator<AqlValue> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
}

internal abstract class AqlObjectBase : AqlValue
{
    public override AqlType Type => AqlType.Object;

    public override bool IsTrue => true;

    public override string Text => ToJson();

    public override AqlValue Attribute(string name)
    {
        var attributes = Attributes;
        for (var i = attributes.Count - 1; i >= 0; i--)
        {
            if (attributes[i].Key == name)
            {
                return attributes[i].Value;
            }
        }

        return Null;
    }

    public override bool HasAttribute(string name) => Attributes.Any(attribute => attribute.Key == name);

    public override void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in Attributes)
        {
            writer.WritePropertyName(name);
            value.WriteTo(writer);
        }

        writer.WriteEndObject();
    }
}

internal sealed class AqlObject(IReadOnlyList<KeyValuePair<string, AqlValue>> attributes) : AqlObjectBase
{
    public override IReadOnlyList<KeyValuePair<string, AqlValue>> Attributes => attributes;
}

internal sealed class AqlJsonObject(JsonElement element) : AqlObjectBase
{
    private KeyValuePair<string, AqlValue>[]? _attributes;

    public override IReadOnlyList<KeyValuePair<string, AqlValue>> Attributes =>
        _attributes ??= [.. element.EnumerateObject().Select(static p => KeyValuePair.Create(p.Name, From(p.Value)))];

    public override AqlValue Attribute(string name) =>
        _attributes is not null ? base.Attribute(name) : element.TryGetProperty(name, out var value) ? From(value) : Null;

    public override bool HasAttribute(string name) => element.TryGetProperty(name, out _);

    public override void WriteTo(Utf8JsonWriter writer) => element.WriteTo(writer);
}

/// <summary>A stored document: written as it is stored, parsed only when one of its attributes is asked for.</summary>
internal sealed class AqlDocument(string collection, StoredDocument document) : AqlObjectBase
{
    private AqlValue? _parsed;

    public StoredDocument Stored => document;

    public string Collection => collection;

    public override IReadOnlyList<KeyValuePair<string, AqlValue>> Attributes => Parsed.Attributes;

    private AqlValue Parsed
    {
        get
        {
            if (_parsed is null)
            {
                var reader = new Utf8JsonReader(DocumentText.ToBytes(collection, document), AqlJson.ReaderOptions);
                _parsed = From(JsonElement.ParseValue(ref reader));
            }

            return _parsed;
        }
    }

    public override AqlValue Attribute(string name) => name switch
    {
        "_key" => From(document.Key),
        "_id" => From(collection + "/" + document.Key),
        "_rev" => From(document.Revision.ToString()),
        _ => Parsed.Attribute(name),
    };

    public override bool HasAttribute(string name) => name is "_key" or "_id" or "_rev" || Parsed.HasAttribute(name);

    public override void WriteTo(Utf8JsonWriter writer) =>
        writer.WriteRawValue(DocumentText.ToBytes(collection, document), skipInputValidation: true);
}
