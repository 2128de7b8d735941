using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace MetisBackup.DevServer.Engine;

/// <summary>One value that a document occupies in a unique index.</summary>
internal readonly record struct UniqueEntry(IndexInfo Index, byte[] Value, string Key);

/// <summary>What documents occupy in unique indexes, and how a violation reads.</summary>
internal static class UniqueEntries
{
    /// <summary>Whether the index has entries of its own: every unique one but the primary.</summary>
    public static bool IsEnforced(IndexInfo index) => index is { Unique: true, Type: not "primary" };

    /// <summary>The text of E1210.</summary>
    public static string Message(IndexInfo index, string conflictingKey)
    {
        var fields = string.Join(", ", Fields(index));
        return $"unique constraint violated - in index {index.Name} of type {index.Type} over '{fields}'; conflicting key: {conflictingKey}";
    }

    /// <summary>Adds the values of the document; none for a sparse index that lacks one of its fields.</summary>
    /// <exception cref="ArangoException">409/E1210: the document repeats a value in itself and the index has deduplicate false.</exception>
    public static void Collect(IndexInfo index, in StoredDocument document, List<UniqueEntry> entries)
    {
        using var body = JsonDocument.Parse(document.Body);
        List<byte[]> values = [[]];
        foreach (var field in Fields(index))
        {
            var alternatives = Alternatives(field, body.RootElement, document, index.Sparse);
            values = [.. values.SelectMany(_ => alternatives, static (front, back) => (byte[])[.. front, .. back])];
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var value in values)
        {
            if (seen.Add(Convert.ToHexString(value)))
            {
                entries.Add(new UniqueEntry(index, value, document.Key));
            }
            else if (index.Definition.TryGetProperty("deduplicate", out var deduplicate) && deduplicate.ValueKind == JsonValueKind.False)
            {
                throw ArangoErrors.UniqueViolation(Message(index, document.Key));
            }
        }
    }

    private static IEnumerable<string> Fields(IndexInfo index)
    {
        if (index.Type == "primary")
        {
            return ["_key"];
        }

        return index.Definition.TryGetProperty("fields", out var fields)
            ? fields.EnumerateArray().Where(field => field.ValueKind == JsonValueKind.String).Select(field => field.GetString() ?? string.Empty)
            : [];
    }

    private static List<byte[]> Alternatives(string field, JsonElement body, in StoredDocument document, bool sparse)
    {
        var found = new List<byte[]>();
        if (field == "_key")
        {
            found.Add(Encode(JsonElementOf(document.Key)));
            return found;
        }

        var (before, after) = Split(field);
        var at = Walk(body, before);
        if (after is null)
        {
            Add(found, at, sparse);
        }
        else if (at is { ValueKind: JsonValueKind.Array } array)
        {
            foreach (var element in array.EnumerateArray())
            {
                Add(found, after.Length == 0 ? element : Walk(element, after), sparse);
            }
        }
        else
        {
            Add(found, null, sparse);
        }

        return found;
    }

    private static void Add(List<byte[]> found, JsonElement? value, bool sparse)
    {
        if (value is { ValueKind: not JsonValueKind.Null } there)
        {
            found.Add(Encode(there));
        }
        else if (!sparse)
        {
            found.Add([0]);
        }
    }

    /// <summary>Path before and behind <c>[*]</c>; the second is null where nothing is expanded.</summary>
    private static (string[] Before, string[]? After) Split(string field)
    {
        var star = field.IndexOf("[*]", StringComparison.Ordinal);
        return star < 0
            ? (field.Split('.'), null)
            : (field[..star].Split('.'), field[(star + 3)..].Split('.', StringSplitOptions.RemoveEmptyEntries));
    }

    private static JsonElement? Walk(JsonElement from, string[] path)
    {
        foreach (var name in path)
        {
            if (from.ValueKind != JsonValueKind.Object || !from.TryGetProperty(name, out from))
            {
                return null;
            }
        }

        return from;
    }

    private static JsonElement JsonElementOf(string text)
    {
        using var document = JsonDocument.Parse($"\"{text}\"");
        return document.RootElement.Clone();
    }

    private static byte[] Encode(JsonElement value)
    {
        var output = new ArrayBufferWriter<byte>();
        Encode(value, output);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Equal values have equal bytes: 1 and 1.0, objects in any order of attributes.</summary>
    private static void Encode(JsonElement value, IBufferWriter<byte> output)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.False:
                Write(output, 1);
                break;
            case JsonValueKind.True:
                Write(output, 2);
                break;
            case JsonValueKind.Number:
                Write(output, 3, NumberText(value));
                break;
            case JsonValueKind.String:
                Write(output, 4, value.GetString() ?? string.Empty);
                break;
            case JsonValueKind.Array:
                Write(output, 5, value.GetArrayLength().ToString(CultureInfo.InvariantCulture));
                foreach (var element in value.EnumerateArray())
                {
                    Encode(element, output);
                }

                break;
            case JsonValueKind.Object:
                var members = value.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal).ToList();
                Write(output, 6, members.Count.ToString(CultureInfo.InvariantCulture));
                foreach (var member in members)
                {
                    Write(output, 4, member.Name);
                    Encode(member.Value, output);
                }

                break;
            default:
                Write(output, 0);
                break;
        }
    }

    private static string NumberText(JsonElement value)
    {
        if (value.TryGetInt64(out var signed))
        {
            return signed.ToString(CultureInfo.InvariantCulture);
        }

        return value.TryGetUInt64(out var unsigned)
            ? unsigned.ToString(CultureInfo.InvariantCulture)
            : value.GetDouble().ToString("R", CultureInfo.InvariantCulture);
    }

    private static void Write(IBufferWriter<byte> output, byte kind, string? text = null)
    {
        var length = text is null ? 0 : Encoding.UTF8.GetByteCount(text);
        var span = output.GetSpan(5 + length);
        span[0] = kind;
        if (text is null)
        {
            output.Advance(1);
            return;
        }

        BinaryPrimitives.WriteInt32BigEndian(span[1..], length);
        Encoding.UTF8.GetBytes(text, span[5..]);
        output.Advance(5 + length);
    }
}
