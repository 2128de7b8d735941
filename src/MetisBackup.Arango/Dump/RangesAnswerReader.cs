using System.Text.Json;
using MetisBackup.Core.Revisions;

namespace MetisBackup.Arango.Dump;

/// <summary>
/// Reads the answer of <c>PUT revisions/ranges</c> (arangodb-protocol 10.7) straight from its bytes: a listing of a million ids makes no
/// million strings.
/// </summary>
internal ref struct RangesAnswerReader
{
    private readonly ReadOnlySpan<byte> _json;
    private int _position;

    private RangesAnswerReader(ReadOnlySpan<byte> json) => _json = json;

    /// <summary>Reads an answer; returns the number of ids put into <paramref name="ids"/>, which grows as needed, and where to go on.</summary>
    /// <exception cref="FormatException">It is not such an answer.</exception>
    public static (int Count, RevisionId? Resume) Read(ReadOnlySpan<byte> json, ref ulong[] ids)
    {
        var reader = new RangesAnswerReader(json);
        var (count, resume, seen) = (0, (RevisionId?)null, false);
        reader.Expect((byte)'{');
        while (reader.Peek() != (byte)'}')
        {
            var name = reader.Text();
            reader.Expect((byte)':');
            if (name.SequenceEqual("ranges"u8))
            {
                (count, seen) = (reader.Ranges(ref ids), true);
            }
            else if (name.SequenceEqual("resumeHLC"u8))
            {
                resume = reader.Id();
            }
            else
            {
                reader.Skip();
            }

            if (!reader.TryTake((byte)','))
            {
                break;
            }
        }

        reader.Expect((byte)'}');
        return seen ? (count, resume) : throw new FormatException("it has no ranges");
    }

    private int Ranges(ref ulong[] ids)
    {
        var count = 0;
        Expect((byte)'[');
        while (Peek() == (byte)'[')
        {
            Expect((byte)'[');
            while (Peek() == (byte)'"')
            {
                if (count == ids.Length)
                {
                    Array.Resize(ref ids, Math.Max(1024, count * 2));
                }

                ids[count++] = Id().Value;
                if (!TryTake((byte)','))
                {
                    break;
                }
            }

            Expect((byte)']');
            if (!TryTake((byte)','))
            {
                break;
            }
        }

        Expect((byte)']');
        return count;
    }

    private RevisionId Id()
    {
        var id = RevisionId.ParseHlc(Text());
        return id != RevisionId.Invalid ? id : throw new FormatException("a revision in it cannot be read");
    }

    /// <summary>A text without escapes: neither revisions nor the names of the attributes need any.</summary>
    private ReadOnlySpan<byte> Text()
    {
        Expect((byte)'"');
        var rest = _json[_position..];
        var length = rest.IndexOf((byte)'"');
        if (length < 0)
        {
            throw new FormatException("it ends inside a text");
        }

        _position += length + 1;
        return rest[..length];
    }

    private void Skip()
    {
        var value = new Utf8JsonReader(_json[_position..], isFinalBlock: true, state: default);
        try
        {
            value.Read();
            value.Skip();
        }
        catch (JsonException error)
        {
            throw new FormatException("it is not JSON", error);
        }

        _position += (int)value.BytesConsumed;
    }

    private void Expect(byte character)
    {
        if (!TryTake(character))
        {
            throw new FormatException($"'{(char)character}' is missing at byte {_position}");
        }
    }

    private bool TryTake(byte character)
    {
        if (Peek() != character)
        {
            return false;
        }

        _position++;
        return true;
    }

    private int Peek()
    {
        while (_position < _json.Length && _json[_position] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            _position++;
        }

        return _position < _json.Length ? _json[_position] : -1;
    }
}
