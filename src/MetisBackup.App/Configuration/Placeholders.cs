using System.Text.Json;
using System.Text.RegularExpressions;

namespace MetisBackup.App.Configuration;

/// <summary>What a template can say of an alarm, in braces.</summary>
internal static partial class Placeholders
{
    /// <summary>All names.</summary>
    public static IReadOnlyList<string> Names { get; } = ["event", "summary", "message", "hint", "text", "tier", "series", "subject", "operation", "exit_code", "point", "time", "host"];

    /// <summary>Whether a template has no others, and makes a JSON document whatever stands in their place.</summary>
    public static bool AreLegal(string template)
    {
        if (Placeholder().Matches(template).Any(static match => !Names.Contains(match.Groups["name"].Value, StringComparer.Ordinal)))
        {
            return false;
        }

        try
        {
            using var document = JsonDocument.Parse(Placeholder().Replace(template, "a b"));
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>A placeholder with its <c>name</c>.</summary>
    [GeneratedRegex(@"\{(?<name>[a-z_]+)\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    public static partial Regex Placeholder();
}
