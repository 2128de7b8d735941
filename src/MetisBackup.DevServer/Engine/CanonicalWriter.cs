using System.Buffers;
using System.Text.Json;

namespace MetisBackup.DevServer.Engine;

/// <summary>
/// Writes JSON as the server's own dumper does: no blanks, only the escapes that JSON demands, canonical numbers, attributes in the
/// order in which they came. A repeated attribute in one object is refused.
/// </summary>
internal sealed class CanonicalWriter
{
    private const int LinearSearchUpTo = 12;

    [ThreadStatic]
    private static CanonicalWriter? _spare;

    private readonly List<Attribute> _names = [];
    private readonly Dictionary<int, List<int>> _byHash = [];
    private readonly Stack<int> _starts = [];
    private byte[] _buffer = [];
    private int _length;
    private bool _needsComma;

    /// <summary>A writer of this thread with room for a text of this length.</summary>
    public static CanonicalWriter Rent(int room)
    {
        var writer = _spare ?? new CanonicalWriter();
        _spare = null;
        writer._length = 0;
        writer._needsComma = false;
        writer._names.Clear();
        writer._starts.Clear();
        writer._buffer = MemoryBlocks.Rent(room + 64);
        return writer;
    }

    public void Return()
    {
        MemoryBlocks.Return(_buffer);
        _buffer = [];
        _spare = this;
    }

    public byte[] ToArray() => _buffer.AsSpan(0, _length).ToArray();

    /// <summary>The object with <c>_from</c> and <c>_to</c> in front.</summary>
    public byte[] WithEdge(string from, string to)
    {
        var output = new ArrayBufferWriter<byte>(_length + from.Length + to.Length + 32);
        output.Write("{\"_from\":"u8);
        CanonicalText.Write(output, from);
        output.Write(",\"_to\":"u8);
        CanonicalText.Write(output, to);
        if (_length > 2)
        {
            output.Write(","u8);
        }

        output.Write(_buffer.AsSpan(1, _length - 1));
        return output.WrittenSpan.ToArray();
    }

    public void StartObject()
    {
        Put((byte)'{');
        _starts.Push(_names.Count);
        _needsComma = false;
    }

    public void EndObject()
    {
        CheckLargeObject();
        _names.RemoveRange(_starts.Peek(), _names.Count - _starts.Pop());
        Put((byte)'}');
        _needsComma = true;
    }

    /// <summary>Writes the attribute name that the reader stands on.</summary>
    public void Name(ref Utf8JsonReader reader)
    {
        Separate();
        var start = _length;
        Text(ref reader);
        var name = new Attribute(start, _length - start);
        CheckSmallObject(name);
        _names.Add(name);
        Put((byte)':');
        _needsComma = false;
    }

    /// <summary>Writes the value that the reader stands on, with everything in it.</summary>
    public void Value(ref Utf8JsonReader reader)
    {
        var depth = reader.CurrentDepth;
        while (true)
        {
            Token(ref reader);
            if (reader.CurrentDepth == depth && reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
            {
                return;
            }

            reader.Read();
        }
    }

    private void Token(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                Separate();
                StartObject();
                break;
            case JsonTokenType.EndObject:
                EndObject();
                break;
            case JsonTokenType.StartArray:
                Separate();
                Put((byte)'[');
                _needsComma = false;
                break;
            case JsonTokenType.EndArray:
                Put((byte)']');
                _needsComma = true;
                break;
            case JsonTokenType.PropertyName:
                Name(ref reader);
                break;
            case JsonTokenType.String:
                Separate();
                Text(ref reader);
                _needsComma = true;
                break;
            case JsonTokenType.Number:
                Separate();
                _length += CanonicalNumber.Write(reader.ValueSpan, Room(CanonicalNumber.MaxLength + reader.ValueSpan.Length));
                _needsComma = true;
                break;
            default:
                Separate();
                Put(reader.ValueSpan);
                _needsComma = true;
                break;
        }
    }

    /// <summary>A text or name in quotes; raw bytes where nothing in it is escaped.</summary>
    private void Text(ref Utf8JsonReader reader)
    {
        var raw = reader.ValueSpan;
        if (!reader.ValueIsEscaped)
        {
            var room = Room(raw.Length + 2);
            room[0] = (byte)'"';
            raw.CopyTo(room[1..]);
            room[raw.Length + 1] = (byte)'"';
            _length += raw.Length + 2;
            return;
        }

        var plain = MemoryBlocks.Rent(raw.Length);
        try
        {
            var length = reader.CopyString(plain);
            var output = new ArrayBufferWriter<byte>(length + 16);
            CanonicalText.Write(output, plain.AsSpan(0, length));
            Put(output.WrittenSpan);
        }
        finally
        {
            MemoryBlocks.Return(plain);
        }
    }

    private void Separate()
    {
        if (_needsComma)
        {
            Put((byte)',');
        }
    }

    /// <summary>Compares a new name with those before it, as long as they are few.</summary>
    private void CheckSmallObject(Attribute name)
    {
        var start = _starts.Peek();
        if (_names.Count - start >= LinearSearchUpTo)
        {
            return;
        }

        var text = TextOf(name);
        for (var other = start; other < _names.Count; other++)
        {
            if (_names[other].Length == name.Length && TextOf(_names[other]).SequenceEqual(text))
            {
                throw new JsonException("Duplicate attribute name");
            }
        }
    }

    /// <summary>Finds repeated names of an object with many attributes by their hash, at its end.</summary>
    private void CheckLargeObject()
    {
        var start = _starts.Peek();
        if (_names.Count - start <= LinearSearchUpTo)
        {
            return;
        }

        _byHash.Clear();
        for (var index = start; index < _names.Count; index++)
        {
            var hash = new HashCode();
            hash.AddBytes(TextOf(_names[index]));
            var code = hash.ToHashCode();
            if (!_byHash.TryGetValue(code, out var same))
            {
                _byHash.Add(code, [index]);
                continue;
            }

            foreach (var other in same)
            {
                if (TextOf(_names[other]).SequenceEqual(TextOf(_names[index])))
                {
                    throw new JsonException("Duplicate attribute name");
                }
            }

            same.Add(index);
        }
    }

    private ReadOnlySpan<byte> TextOf(Attribute name) => _buffer.AsSpan(name.Start, name.Length);

    private void Put(byte unit)
    {
        Room(1)[0] = unit;
        _length++;
    }

    private void Put(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        _length += bytes.Length;
    }

    private Span<byte> Room(int needed)
    {
        if (_buffer.Length - _length < needed)
        {
            var larger = MemoryBlocks.Rent((_buffer.Length * 2) + needed);
            _buffer.AsSpan(0, _length).CopyTo(larger);
            MemoryBlocks.Return(_buffer);
            _buffer = larger;
        }

        return _buffer.AsSpan(_length);
    }

    /// <summary>Where a name stands in the output, quotes included.</summary>
    private readonly record struct Attribute(int Start, int Length);
}
