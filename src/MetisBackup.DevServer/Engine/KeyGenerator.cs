using System.Globalization;
using System.Text.Json;

namespace MetisBackup.DevServer.Engine;

/// <summary>Makes document keys as <c>keyOptions</c> ask: traditional, autoincrement, uuid, padded.</summary>
internal static class KeyGenerator
{
    private const int MaxKeyLength = 254;

    /// <summary>Whether the text may be a document key: 1 to 254 characters of letters, digits and <c>_-:.@()+,=;$!*'%</c>.</summary>
    public static bool IsValid(string key)
    {
        if (key.Length is 0 or > MaxKeyLength)
        {
            return false;
        }

        foreach (var character in key)
        {
            if (!char.IsAsciiLetterOrDigit(character) && !"_-:.@()+,=;$!*'%".Contains(character, StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The next key and the value to go on from.</summary>
    public static (string Key, ulong Last) Next(CollectionInfo collection, ulong last, ServerEngine engine)
    {
        var options = Options(collection);
        switch (TypeOf(options))
        {
            case "autoincrement":
                var increment = Number(options, "increment", 1);
                var offset = Number(options, "offset", 0);
                var next = last < offset ? offset : (((last - offset) / increment) + 1) * increment + offset;
                next = next == 0 ? increment : next;
                return (next.ToString(CultureInfo.InvariantCulture), next);
            case "uuid":
                return (Guid.NewGuid().ToString("D"), last);
            case "padded":
                var padded = Math.Max(last + 1, engine.Clock.Next().Value);
                return (padded.ToString("x16", CultureInfo.InvariantCulture), padded);
            default:
                var tick = Math.Max(last + 1, ulong.Parse(engine.NewTick(), CultureInfo.InvariantCulture));
                return (tick.ToString(CultureInfo.InvariantCulture), tick);
        }
    }

    /// <summary>What the generator goes on from after a key that a user chose.</summary>
    public static ulong Observe(CollectionInfo collection, string key, ulong last)
    {
        if (!char.IsAsciiHexDigit(key[0]))
        {
            return last;
        }

        var type = TypeOf(Options(collection));
        var style = type == "padded" ? NumberStyles.AllowHexSpecifier : NumberStyles.None;
        return type != "uuid" && ulong.TryParse(key, style, CultureInfo.InvariantCulture, out var number)
            ? Math.Max(last, number)
            : last;
    }

    private static JsonElement Options(CollectionInfo collection) =>
        collection.Properties.TryGetProperty("keyOptions", out var options) ? options : default;

    private static string TypeOf(JsonElement options) =>
        options.ValueKind == JsonValueKind.Object && options.TryGetProperty("type", out var type) ? type.GetString() ?? "traditional" : "traditional";

    private static ulong Number(JsonElement options, string name, ulong otherwise) =>
        options.ValueKind == JsonValueKind.Object && options.TryGetProperty(name, out var value) && value.TryGetUInt64(out var number)
            ? number
            : otherwise;
}
