using System.Globalization;
using System.Text;
using System.Text.Json;
using MetisBackup.App.Configuration;

namespace MetisBackup.App.Supervision.Alarms;

/// <summary>A JSON document with placeholders in braces, as the receiver of a webhook wants it.</summary>
internal static class AlarmTemplate
{
    /// <summary>Fills the placeholders in, each as it must stand within a JSON string.</summary>
    public static byte[] Fill(string template, Alarm alarm)
    {
        var facts = Facts(alarm);
        return Encoding.UTF8.GetBytes(Placeholders.Placeholder().Replace(template, match => JsonEncodedText.Encode(facts[match.Groups["name"].Value]).Value));
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
}
