using System.Globalization;

namespace MetisBackup.Core.Retention;

/// <summary>Times as they stand in reasons.</summary>
internal static class RetentionText
{
    private const int HoursShown = 48;

    /// <summary><c>90 days</c>, <c>36 hours</c>, <c>5 minutes</c>: in the largest unit that says it well enough.</summary>
    public static string Duration(TimeSpan duration) => duration switch
    {
        { TotalHours: >= HoursShown } => Count(duration.TotalDays, "day"),
        { TotalHours: >= 2 } => Count(duration.TotalHours, "hour"),
        _ => Count(duration.TotalMinutes, "minute"),
    };

    /// <summary>A UTC minute.</summary>
    public static string Minute(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private static string Count(double number, string unit) => (long)number is var whole && whole == 1 ? $"1 {unit}" : $"{whole} {unit}s";
}
