using System.Text;
using System.Text.Json;
using MetisBackup.Core.Bulk;

namespace MetisBackup.Storage.Bulk;

/// <summary>
/// One entry of a tree as one JSON object. A path that is UTF-8 stands there as text, any other as Base64 under a name ending in <c>_base64</c>.
/// </summary>
internal static class TreeListJson
{
    /// <summary>Writes an entry.</summary>
    public static void Write(Utf8JsonWriter json, TreeEntry entry)
    {
        json.WriteStartObject();
        WriteBytes(json, "path", entry.Path.Bytes);
        json.WriteString("type", entry.Kind.ToString().ToLowerInvariant());
        json.WriteString("mode", Convert.ToString(entry.Mode, 8).PadLeft(4, '0'));
        json.WriteNumber("owner", entry.Owner);
        json.WriteNumber("group", entry.Group);
        WriteTime(json, "modified", entry.ModifiedAt);
        switch (entry.Kind)
        {
            case TreeEntryKind.File:
                WriteFile(json, entry);
                break;
            case TreeEntryKind.Link:
                WriteBytes(json, "target", entry.Target);
                break;
            case TreeEntryKind.Directory:
            default:
                break;
        }

        if (entry.Attributes.Count > 0)
        {
            json.WriteStartObject("attributes");
            foreach (var (name, value) in entry.Attributes)
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    /// <summary>Reads an entry and checks everything that is used as a path, number or hash.</summary>
    /// <exception cref="FormatException">It is not an entry; the message says what is wrong.</exception>
    public static TreeEntry Read(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return Read(document.RootElement);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or OverflowException or ArgumentException)
        {
            throw new FormatException("a line is no entry of a tree", error);
        }
    }

    private static void WriteFile(Utf8JsonWriter json, TreeEntry entry)
    {
        json.WriteNumber("size", entry.Size);
        if (entry.DataBytes is { } data)
        {
            json.WriteNumber("data_bytes", data);
        }

        json.WriteString("sha256", entry.Hash);
        if (entry.SameAs is { } first)
        {
            WriteBytes(json, "same_as", first.Bytes);
        }

        if (entry.Torn)
        {
            json.WriteBoolean("torn", value: true);
        }

        json.WriteNumber("inode", entry.Stamp.Inode);
        WriteTime(json, "changed", entry.Stamp.ChangedAt);
    }

    internal static TreeEntry Read(JsonElement json)
    {
        var entry = new TreeEntry
        {
            Path = TreePath.Parse(ReadBytes(json, "path") ?? throw new FormatException("an entry has no path")),
            Kind = json.GetProperty("type").GetString() switch
            {
                "file" => TreeEntryKind.File,
                "directory" => TreeEntryKind.Directory,
                "link" => TreeEntryKind.Link,
                _ => throw new FormatException("an entry is of an unknown type"),
            },
            Mode = Convert.ToInt32(json.GetProperty("mode").GetString(), 8),
            Owner = json.GetProperty("owner").GetUInt32(),
            Group = json.GetProperty("group").GetUInt32(),
            ModifiedAt = ReadTime(json.GetProperty("modified")),
        };
        Require((entry.Mode & ~TreeEntry.ModeBits) == 0, "a mode");
        if (json.TryGetProperty("attributes", out var attributes))
        {
            entry = entry with { Attributes = ReadAttributes(attributes) };
        }

        return entry.Kind switch
        {
            TreeEntryKind.File => ReadFile(json, entry),
            TreeEntryKind.Link => entry with { Target = ReadBytes(json, "target") is { Length: > 0 } target && !target.Contains((byte)0) ? target : throw new FormatException("a link says nothing") },
            _ => entry,
        };
    }

    private static TreeEntry ReadFile(JsonElement json, TreeEntry entry)
    {
        var hash = json.GetProperty("sha256").GetString();
        Require(hash is { Length: 64 } && hash.All(char.IsAsciiHexDigitLower), "a hash");
        var size = json.GetProperty("size").GetInt64();
        long? data = json.TryGetProperty("data_bytes", out var stated) ? stated.GetInt64() : null;
        Require(size >= 0 && (data is null || (data >= 0 && data <= size)), "a size");
        return entry with
        {
            Size = size,
            DataBytes = data,
            Hash = hash,
            SameAs = ReadBytes(json, "same_as") is { } first ? TreePath.Parse(first) : null,
            Torn = json.TryGetProperty("torn", out var torn) && torn.GetBoolean(),
            Stamp = new FileStamp(json.GetProperty("inode").GetUInt64(), ReadTime(json.GetProperty("changed"))),
        };
    }

    private static Dictionary<string, string> ReadAttributes(JsonElement json)
    {
        var attributes = json.EnumerateObject().ToDictionary(static one => one.Name, static one => one.Value.GetString() ?? "", StringComparer.Ordinal);
        Require(attributes.All(static one => !one.Key.Contains('\0', StringComparison.Ordinal) && Convert.FromBase64String(one.Value) is not null), "an attribute");
        return attributes;
    }

    internal static void WriteBytes(Utf8JsonWriter json, string name, ReadOnlySpan<byte> bytes)
    {
        if (System.Text.Unicode.Utf8.IsValid(bytes))
        {
            json.WriteString(name, bytes);
        }
        else
        {
            json.WriteBase64String(name + "_base64", bytes);
        }
    }

    internal static byte[]? ReadBytes(JsonElement json, string name) =>
        json.TryGetProperty(name, out var text) ? Encoding.UTF8.GetBytes(text.GetString()!)
        : json.TryGetProperty(name + "_base64", out var bytes) ? bytes.GetBytesFromBase64()
        : null;

    private static void WriteTime(Utf8JsonWriter json, string name, FileTime time)
    {
        json.WriteStartArray(name);
        json.WriteNumberValue(time.Seconds);
        json.WriteNumberValue(time.Nanoseconds);
        json.WriteEndArray();
    }

    private static FileTime ReadTime(JsonElement json)
    {
        Require(json.GetArrayLength() == 2, "a time");
        var time = new FileTime(json[0].GetInt64(), json[1].GetInt32());
        Require(time.Nanoseconds is >= 0 and < 1_000_000_000, "a time");
        return time;
    }

    private static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new FormatException($"an entry has {what} that cannot be");
        }
    }
}
