using System.Globalization;
using System.Text;

namespace MetisBackup.App.Output;

/// <summary>Numbers, times and foreign texts as people read them.</summary>
internal static class HumanText
{
    private static readonly string[] ByteUnits = ["B", "kB", "MB", "GB", "TB", "PB"];

    /// <summary>Decimal size with three digits: <c>812 B</c>, <c>1.25 MB</c>, <c>48.1 GB</c>.</summary>
    public static string Bytes(long bytes)
    {
        double value = bytes;
        var unit = 0;
        while (value >= 999.5 && unit < ByteUnits.Length - 1)
        {
            value /= 1000;
            unit++;
        }

        var digits = unit == 0 || value >= 99.95 ? "0" : value >= 9.995 ? "0.0" : "0.00";
        return value.ToString(digits, CultureInfo.InvariantCulture) + " " + ByteUnits[unit];
    }

    /// <summary>Digits in groups of three: <c>1,000,000</c>.</summary>
    public static string Count(long count) => count.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>A number with its noun: <c>1 document</c>, <c>20,000 documents</c>.</summary>
    public static string Count(long count, string noun) => $"{Count(count)} {noun}{(count == 1 ? "" : "s")}";

    /// <summary><c>0.42 s</c>, <c>12.3 s</c>, <c>4 min 05 s</c>, <c>2 h 07 min</c>.</summary>
    public static string Duration(TimeSpan duration) => duration.TotalSeconds switch
    {
        < 10 => duration.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture) + " s",
        < 60 => duration.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) + " s",
        < 3600 => $"{duration.Minutes} min {duration.Seconds:00} s",
        _ => $"{(long)duration.TotalHours} h {duration.Minutes:00} min",
    };

    /// <summary>ISO 8601 in the given zone, with its offset: <c>2026-11-23T02:00:00+01:00</c>.</summary>
    public static string Time(DateTimeOffset time, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(time, zone).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);

    /// <summary>
    /// A text from outside, made harmless for a terminal: control characters, and those that turn the direction of writing, become
    /// visible escapes.
    /// </summary>
    public static string Printable(string text)
    {
        if (!text.Any(IsHarmful))
        {
            return text;
        }

        var safe = new StringBuilder(text.Length + 16);
        foreach (var character in text)
        {
            _ = IsHarmful(character)
                ? safe.Append("\\u").Append(((int)character).ToString("x4", CultureInfo.InvariantCulture))
                : safe.Append(character);
        }

        return safe.ToString();
    }

    private static bool IsHarmful(char character) =>
        char.IsControl(character) || character is >= '\u202a' and <= '\u202e' or >= '\u2066' and <= '\u2069';
}
