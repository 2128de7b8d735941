using System.Globalization;

namespace MetisBackup.App.Configuration;

/// <summary>Time spans as they are written: numbers with units, <c>90s</c>, <c>1h30m</c>, <c>2w</c>.</summary>
internal static class DurationText
{
    /// <summary>No time span.</summary>
    public const string Off = "off";

    private static readonly TimeSpan Longest = TimeSpan.FromDays(36_500);
    private static readonly (char Letter, TimeSpan Span)[] Units =
        [('w', TimeSpan.FromDays(7)), ('d', TimeSpan.FromDays(1)), ('h', TimeSpan.FromHours(1)), ('m', TimeSpan.FromMinutes(1)), ('s', TimeSpan.FromSeconds(1))];

    /// <summary>Reads a time span: each unit at most once, the larger first; at most a hundred years.</summary>
    public static bool TryParse(string text, out TimeSpan span)
    {
        span = TimeSpan.Zero;
        var next = 0;
        var rest = text;
        while (rest.Length > 0)
        {
            var digits = rest.TakeWhile(char.IsAsciiDigit).Count();
            var unit = digits < rest.Length ? Array.FindIndex(Units, one => one.Letter == rest[digits]) : -1;
            if (digits is 0 or > 9 || unit < next)
            {
                return false;
            }

            var number = int.Parse(rest[..digits], CultureInfo.InvariantCulture);
            if (number > Longest / Units[unit].Span)
            {
                return false;
            }

            span += number * Units[unit].Span;
            next = unit + 1;
            rest = rest[(digits + 1)..];
        }

        return text.Length > 0 && span <= Longest;
    }
}
