using System.Globalization;

namespace MetisBackup.App.Operations.Scheduling;

/// <summary>Times of day in the words of systemd.</summary>
internal static class CalendarTimes
{
    /// <summary>After so many years weekdays and dates come in the same order again.</summary>
    private const int YearsOfACycle = 28;

    /// <summary>
    /// A calendar expression for each day at a local time, and one more where summer time begins by leaving that time out: systemd
    /// would pass over that night.
    /// </summary>
    /// <param name="at">Local time of day.</param>
    /// <param name="zone">Zone of the machine.</param>
    /// <param name="year">The present year.</param>
    public static IEnumerable<string> Daily(TimeOnly at, TimeZoneInfo zone, int year)
    {
        yield return $"*-*-* {Text(at)}";
        var missing = Enumerable.Range(0, YearsOfACycle)
            .SelectMany(offset => Enumerable.Range(0, DateTime.IsLeapYear(year + offset) ? 366 : 365).Select(day => new DateTime(year + offset, 1, 1, 0, 0, 0, DateTimeKind.Unspecified).AddDays(day).Add(at.ToTimeSpan())))
            .Where(zone.IsInvalidTime)
            .ToList();
        foreach (var group in missing.GroupBy(static time => (time.DayOfWeek, time.Month)).OrderBy(static group => group.Key.Month))
        {
            // the clock goes from the beginning of the gap to its end
            var later = at;
            while (zone.IsInvalidTime(group.First().Date.Add(later.ToTimeSpan())))
            {
                later = later.AddMinutes(15);
            }

            var weekday = CultureInfo.InvariantCulture.DateTimeFormat.GetAbbreviatedDayName(group.Key.DayOfWeek);
            yield return $"{weekday} *-{group.Key.Month:00}-{group.Min(static time => time.Day):00}..{group.Max(static time => time.Day):00} {Text(later)}";
        }
    }

    private static string Text(TimeOnly time) => time.ToString("HH:mm:ss", CultureInfo.InvariantCulture);
}
