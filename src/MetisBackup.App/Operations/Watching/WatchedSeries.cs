using MetisBackup.App.Operations.Scheduling;
using MetisBackup.Core.Forecasting;

namespace MetisBackup.App.Operations.Watching;

/// <summary>A target that is watched.</summary>
/// <param name="Target">Its name.</param>
/// <param name="Place">Where its points are.</param>
internal sealed record WatchedSeries(string Target, IWatchedPlace Place)
{
    /// <summary>Greatest age of the newest point; null when points are made by hand only.</summary>
    public TimeSpan? AllowedAge { get; init; }

    /// <summary>When the schedule makes points.</summary>
    public IReadOnlyList<JobTimes> Times { get; init; } = [];
}

/// <summary>From when on something is not well; null switches a part off.</summary>
internal sealed record StatusLimits
{
    /// <summary>Unusual difference from the usual size, in percent.</summary>
    public int? SizeChangePercent { get; init; }

    /// <summary>Free part that warns, 0 to 100.</summary>
    public int FreeWarningPercent { get; init; }

    /// <summary>Free part that is critical, 0 to 100.</summary>
    public int FreeCriticalPercent { get; init; }

    /// <summary>How long the room must last.</summary>
    public TimeSpan? Forecast { get; init; }

    /// <summary>Greatest age of the last drill or verification.</summary>
    public TimeSpan? ProofAge { get; init; }
}

/// <summary>What was read of a series.</summary>
/// <param name="Points">The points, newest first.</param>
/// <param name="Troubles">What is wrong with the place.</param>
/// <param name="Space">The room.</param>
/// <param name="Runs">What is remembered.</param>
internal sealed record SeriesReadings(Reading<IReadOnlyList<WatchedPoint>> Points, Reading<IReadOnlyList<Concern>> Troubles, Reading<SpaceStatus> Space, Reading<RememberedRuns> Runs)
{
    /// <summary>The room, and how long it lasts by what is remembered.</summary>
    public SpaceStatus? SpaceWithForecast => Space.Value is not { } space || Runs.Value is not { } runs || SpaceForecast.ShrinkingPerDay(runs.Space) is not { } rate
        ? Space.Value
        : space with { ShrinksPerDay = rate, Lasts = SpaceForecast.Remaining(space.FreeBytes, rate) };
}
