using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using MetisBackup.Core.Errors;

namespace MetisBackup.App.Supervision.Alarms;

/// <summary>A JSON document with placeholders in braces, as the receiver of a webhook wants it.</summary>
internal static partial class AlarmTemplate
{
    /// <summary>Fills the placeholders in, each as it must stand within a JSON string.</summary>
    /// <exception cref="MetisException">2: an unknown placeholder, or what comes out is no JSON.</exception>
    public static byte[] Fill(string template, Alarm alarm, string owner)
    {
        var facts = Facts(alarm);
        var unknown = Placeholder().Matches(template).FirstOrDefault(match => !facts.ContainsKey(match.Groups["name"].Value));
        if (unknown is not null)
        {
            throw new MetisException(ErrorCode.Usage, $"The template of {owner} has an unknown placeholder {unknown.Value}.", $"there are {string.Join(", ", facts.Keys.Select(static key => $"{{{key}}}"))}");
        }

        var text = Placeholder().Replace(template, match => JsonEncodedText.Encode(facts[match.Groups["name"].Value]).Value);
        try
        {
            using var document = JsonDocument.Parse(text);
            return Encoding.UTF8.GetBytes(text);
        }
        catch (JsonException cause)
        {
            throw new MetisException(ErrorCode.Usage, $"The template of {owner} makes no JSON document.", "put placeholders in quotes, for example '{\"text\": \"{summary}\"}'", cause);
        }
    }

    private static Dictionary<string, string> Facts(Alarm alarm) => new(StringComparer.Ordinal)
    {
        ["event"] = alarm.EventName,
        ["summary"] = alarm.Headline,
        ["message"] = alarm.Message,
        ["hint"] = alarm.Hint ?? "",
        ["text"] = AlarmText.Of(alarm),
        ["tier"] = alarm.Tier,
        ["series"] = alarm.Series,
        ["subject"] = alarm.Subject,
        ["operation"] = alarm.Operation ?? "",
        ["exit_code"] = alarm.ExitCode?.ToString(CultureInfo.InvariantCulture) ?? "",
        ["point"] = alarm.Point ?? "",
        ["time"] = alarm.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        ["host"] = alarm.Host,
    };

    [GeneratedRegex(@"\{(?<name>[a-z_]+)\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Placeholder();
}
