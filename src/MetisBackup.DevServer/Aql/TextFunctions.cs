using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace MetisBackup.DevServer.Aql;

/// <summary>Building, cutting, changing and hashing texts.</summary>
internal static class TextFunctions
{
    public static void Register(FunctionList list)
    {
        list.Add("CONCAT", 1, 99, static a => AqlValue.From(string.Concat(Flatten(a).Select(static v => v.Text))));
        list.Add("CONCAT_SEPARATOR", 2, 99, static a => AqlValue.From(string.Join(a[0].Text, Flatten([.. a.Skip(1)]).Select(static v => v.Text))));
        list.Add("LOWER", static v => AqlValue.From(v.Text.ToLowerInvariant()));
        list.Add("UPPER", static v => AqlValue.From(v.Text.ToUpperInvariant()));
        list.Add("CHAR_LENGTH", static v => AqlValue.From(v.Text.EnumerateRunes().Count()));
        list.Add("SUBSTRING", 2, 3, Substring);
        list.Add("LEFT", 2, 2, static a => Substring([a[0], AqlValue.From(0), a[1]]));
        list.Add("RIGHT", 2, 2, static a => AqlValue.From(a[0].Text[^Math.Clamp((int)a[1].Number, 0, a[0].Text.Length)..]));
        list.Add("TRIM", 1, 2, static a => AqlValue.From(Trim(a, left: a.Count < 2 || a[1].Number is 0 or 1, right: a.Count < 2 || a[1].Number is 0 or 2)));
        list.Add("LTRIM", 1, 2, static a => AqlValue.From(Trim(a, left: true, right: false)));
        list.Add("RTRIM", 1, 2, static a => AqlValue.From(Trim(a, left: false, right: true)));
        list.Add("REPEAT", 2, 3, static a => AqlValue.From(string.Join(a.Count > 2 ? a[2].Text : "", Enumerable.Repeat(a[0].Text, Math.Max(0, (int)a[1].Number)))));
        list.Add("SUBSTITUTE", 2, 4, Substitute);
        list.Add("SPLIT", 1, 3, Split);
        list.Add("TO_CHAR", static v => AqlValue.From(char.ConvertFromUtf32((int)v.Number)));
        list.Add("TO_HEX", static v => AqlValue.From(Convert.ToHexStringLower(Encoding.UTF8.GetBytes(v.Text))));
        list.Add("TO_BASE64", static v => AqlValue.From(Convert.ToBase64String(Encoding.UTF8.GetBytes(v.Text))));
        list.Add("ENCODE_URI_COMPONENT", static v => AqlValue.From(Uri.EscapeDataString(v.Text)));
        list.Add("JSON_STRINGIFY", static v => AqlValue.From(v.ToJson()));
        list.Add("JSON_PARSE", JsonParse);
        list.Add("UUID", 0, 0, static _ => AqlValue.From(Guid.NewGuid().ToString()));
        list.Add("RANDOM_TOKEN", static v => AqlValue.From(RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", Math.Clamp((int)v.Number, 0, 65536))));
        RegisterHashes(list);
    }

    private static void RegisterHashes(FunctionList list)
    {
#pragma warning disable CA5350, CA5351 // functions of the language, not a protection of anything
        AddHash(list, "MD5", MD5.HashData);
        AddHash(list, "SHA1", SHA1.HashData);
#pragma warning restore CA5350, CA5351
        AddHash(list, "SHA256", SHA256.HashData);
        AddHash(list, "SHA512", SHA512.HashData);
        list.Add("CRC32", static v => AqlValue.From(System.IO.Hashing.Crc32.HashToUInt32(Encoding.UTF8.GetBytes(v.Text)).ToString("x8")));
        list.Add("HASH", static v => AqlValue.From((long)(System.IO.Hashing.XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(v.ToJson())) >> 11)));
    }

    private static void AddHash(FunctionList list, string name, Func<byte[], byte[]> hash) =>
        list.Add(name, value => AqlValue.From(Convert.ToHexStringLower(hash(Encoding.UTF8.GetBytes(value.Text)))));

    private static IEnumerable<AqlValue> Flatten(IReadOnlyList<AqlValue> values) =>
        values.SelectMany(static v => v.IsArray ? v.Items : [v]).Where(static v => !v.IsNull);

    private static AqlValue Substring(IReadOnlyList<AqlValue> arguments)
    {
        var runes = arguments[0].Text.EnumerateRunes().ToList();
        var offset = (int)arguments[1].Number;
        offset = offset < 0 ? Math.Max(0, runes.Count + offset) : Math.Min(offset, runes.Count);
        var length = arguments.Count > 2 ? (int)arguments[2].Number : runes.Count;
        return AqlValue.From(string.Concat(runes.Skip(offset).Take(Math.Max(0, length))));
    }

    private static string Trim(IReadOnlyList<AqlValue> arguments, bool left, bool right)
    {
        var characters = arguments.Count > 1 && arguments[1].IsText ? arguments[1].Text.ToCharArray() : " \t\r\n".ToCharArray();
        var text = left ? arguments[0].Text.TrimStart(characters) : arguments[0].Text;
        return right ? text.TrimEnd(characters) : text;
    }

    private static AqlValue Substitute(IReadOnlyList<AqlValue> arguments)
    {
        var text = arguments[0].Text;
        var pairs = arguments[1].IsObject
            ? arguments[1].Attributes.Select(static a => (Search: a.Key, With: a.Value.Text))
            : SearchPairs(arguments[1], arguments.Count > 2 ? arguments[2] : AqlValue.From(""));
        foreach (var (search, with) in pairs)
        {
            text = search.Length == 0 ? text : text.Replace(search, with, StringComparison.Ordinal);
        }

        return AqlValue.From(text);
    }

    private static IEnumerable<(string Search, string With)> SearchPairs(AqlValue searches, AqlValue replacements)
    {
        var list = searches.IsArray ? searches.Items : [searches];
        for (var i = 0; i < list.Count; i++)
        {
            var with = !replacements.IsArray ? replacements.Text : i < replacements.Items.Count ? replacements.Items[i].Text : "";
            yield return (list[i].Text, with);
        }
    }

    private static AqlValue Split(IReadOnlyList<AqlValue> arguments)
    {
        if (arguments.Count < 2)
        {
            return AqlValue.From([arguments[0]]);
        }

        var separators = arguments[1].IsArray ? arguments[1].Items.Select(static i => i.Text).ToArray() : [arguments[1].Text];
        var parts = separators is [""]
            ? arguments[0].Text.EnumerateRunes().Select(static r => r.ToString())
            : arguments[0].Text.Split(separators, StringSplitOptions.None);
        var limit = arguments.Count > 2 ? (int)arguments[2].Number : int.MaxValue;
        return AqlValue.From([.. parts.Take(limit).Select(static p => AqlValue.From(p))]);
    }

    private static AqlValue JsonParse(AqlValue value)
    {
        try
        {
            return AqlValue.From(JsonElement.Parse(value.Text));
        }
        catch (JsonException)
        {
            return AqlValue.Null;
        }
    }
}
