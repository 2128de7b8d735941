using System.Globalization;

namespace MetisBackup.App.Operations.Watching;

/// <summary>Time spans within sentences.</summary>
internal static class SpanText
{
    /// <summary><c>12 min</c>, <c>26 h</c>, <c>26.5 h</c>, <c>4.2 d</c>: one number, because it is compared with another.</summary>
    public static string Of(TimeSpan span) => span.TotalHours switch
    {
        < 1 => span.TotalMinutes.ToString("0", CultureInfo.InvariantCulture) + " min",
        < 72 => span.TotalHours.ToString("0.#", CultureInfo.InvariantCulture) + " h",
        _ => span.TotalDays.ToString("0.#", CultureInfo.InvariantCulture) + " d",
    };
}
