using System.Globalization;

namespace MetisBackup.Core.Retention;

/// <summary>A kind of calendar period in UTC, and the rule that keeps the first point of each.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Word">What the period is called.</param>
/// <param name="Of">The period that a time lies in, as a text that differs from that of every other period.</param>
internal sealed record CalendarPeriod(KeepRule Rule, string Word, Func<DateTime, string> Of)
{
    public static CalendarPeriod Hour { get; } = new(KeepRule.Hourly, "hour", static time => time.ToString("yyyy-MM-dd HH:00", CultureInfo.InvariantCulture));

    public static CalendarPeriod Day { get; } = new(KeepRule.Daily, "day", static time => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

    /// <summary>ISO 8601: the week of a year's first Thursday is its first.</summary>
    public static CalendarPeriod Week { get; } = new(KeepRule.Weekly, "week", static time => $"{ISOWeek.GetYear(time):0000}-W{ISOWeek.GetWeekOfYear(time):00}");

    public static CalendarPeriod Month { get; } = new(KeepRule.Monthly, "month", static time => time.ToString("yyyy-MM", CultureInfo.InvariantCulture));

    public static CalendarPeriod Year { get; } = new(KeepRule.Yearly, "year", static time => time.ToString("yyyy", CultureInfo.InvariantCulture));
}
