namespace MetisBackup.App.Commands.Dr;

/// <summary>How old something is, in its two greatest units.</summary>
internal static class AgeText
{
    /// <summary><c>12 s</c>, <c>7 min</c>, <c>3 h 20 min</c>, <c>4 d 2 h</c>, <c>400 d</c>; <c>in the future</c> for less than nothing.</summary>
    public static string Of(TimeSpan age) => age switch
    {
        { Ticks: < 0 } => "in the future",
        { TotalMinutes: < 1 } => $"{age.Seconds} s",
        { TotalHours: < 1 } => $"{age.Minutes} min",
        { TotalDays: < 1 } => $"{age.Hours} h {age.Minutes} min",
        { TotalDays: < 100 } => $"{age.Days} d {age.Hours} h",
        _ => $"{age.Days} d",
    };
}
