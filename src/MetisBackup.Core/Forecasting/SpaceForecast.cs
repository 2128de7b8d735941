namespace MetisBackup.Core.Forecasting;

/// <summary>How much room there was at some time.</summary>
/// <param name="At">When.</param>
/// <param name="FreeBytes">Free bytes.</param>
public sealed record SpaceSample(DateTimeOffset At, long FreeBytes);

/// <summary>What the room that was free so far says about the room to come.</summary>
public static class SpaceForecast
{
    /// <summary>Fewer samples say nothing.</summary>
    public const int FewestSamples = 4;

    /// <summary>Samples of a shorter time say nothing: a single night is no rate.</summary>
    public static readonly TimeSpan ShortestTime = TimeSpan.FromDays(3);

    /// <summary>Beyond this nobody plans, and dates end.</summary>
    private static readonly TimeSpan Horizon = TimeSpan.FromDays(3650);

    /// <summary>By how many bytes a day the free room shrinks: the slope of the line with the least squares.</summary>
    /// <param name="samples">In any order.</param>
    /// <returns>Negative when it grows; null when the samples are too few or of too short a time.</returns>
    public static double? ShrinkingPerDay(IReadOnlyList<SpaceSample> samples)
    {
        if (samples.Count < FewestSamples)
        {
            return null;
        }

        var first = samples.Min(static one => one.At);
        if (samples.Max(static one => one.At) - first < ShortestTime)
        {
            return null;
        }

        var days = samples.Average(one => (one.At - first).TotalDays);
        var free = samples.Average(static one => (double)one.FreeBytes);
        var together = samples.Sum(one => ((one.At - first).TotalDays - days) * (one.FreeBytes - free));
        var spread = samples.Sum(one => Math.Pow((one.At - first).TotalDays - days, 2));
        return -together / spread;
    }

    /// <summary>How long the free room lasts at the present rate.</summary>
    /// <param name="freeBytes">What is free now.</param>
    /// <param name="shrinkingPerDay">From <see cref="ShrinkingPerDay"/>; null for unknown.</param>
    /// <returns>Null when that is unknown, or when it lasts for ten years and more.</returns>
    public static TimeSpan? Remaining(long freeBytes, double? shrinkingPerDay) =>
        shrinkingPerDay is > 0 and var rate && freeBytes / rate < Horizon.TotalDays ? TimeSpan.FromDays(freeBytes / rate) : null;
}
