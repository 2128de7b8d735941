using System.Globalization;
using MetisBackup.App.Configuration;
using MetisBackup.Core.Errors;

namespace MetisBackup.App.Commands;

/// <summary>A moment to come, as an option says it: a time span from now, or a date.</summary>
internal static class Moment
{
    private static readonly TimeSpan Farthest = TimeSpan.FromDays(36_500);

    /// <summary>Reads it.</summary>
    /// <param name="option">The option, for the message.</param>
    /// <param name="text">Its value: <c>90d</c>, <c>2027-01-31</c> (UTC), <c>2027-01-31T18:00:00+01:00</c>.</param>
    /// <param name="now">The present.</param>
    /// <exception cref="MetisException">2: it is none, not to come, or too far away.</exception>
    public static DateTimeOffset Read(string option, string text, DateTimeOffset now)
    {
        var moment = DurationText.TryParse(text, out var span) ? now + span
            : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var date) ? date
            : throw new MetisException(ErrorCode.Usage, $"{option} is neither a time span nor a date.", "write it like 90d or 2027-01-31");
        return moment <= now ? throw new MetisException(ErrorCode.Usage, $"{option} is not to come.", "give a time span, or a date in the future")
            : moment - now > Farthest ? throw new MetisException(ErrorCode.Usage, $"{option} is more than a hundred years away.", "give a nearer date")
            : moment;
    }
}
