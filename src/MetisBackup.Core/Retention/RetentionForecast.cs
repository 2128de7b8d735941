namespace MetisBackup.Core.Retention;

/// <summary>What a simulation found.</summary>
public sealed record RetentionForecast
{
    /// <summary>The series.</summary>
    public required string Series { get; init; }

    /// <summary>The policy.</summary>
    public required RetentionPolicy Policy { get; init; }

    /// <summary>The end of the simulation.</summary>
    public required DateTimeOffset End { get; init; }

    /// <summary>Number of points that came meanwhile.</summary>
    public required int Arrivals { get; init; }

    /// <summary>What went, in the order of going.</summary>
    public required IReadOnlyList<ForecastRemoval> Removals { get; init; }

    /// <summary>What is there at the end, newest first.</summary>
    public required IReadOnlyList<ForecastPoint> Remaining { get; init; }
}

/// <summary>A point that went.</summary>
/// <param name="Name">Its name; that of an expected one says when it comes.</param>
/// <param name="Time">When it was, or will be, taken.</param>
/// <param name="Removed">When it goes.</param>
/// <param name="Expected">It is not there yet.</param>
/// <param name="Reason">Why it goes.</param>
public sealed record ForecastRemoval(string Name, DateTimeOffset Time, DateTimeOffset Removed, bool Expected, string Reason);

/// <summary>A point that is there at the end.</summary>
/// <param name="Name">Its name; that of an expected one says when it comes.</param>
/// <param name="Time">When it was, or will be, taken.</param>
/// <param name="Expected">It is not there yet.</param>
/// <param name="Reason">What keeps it.</param>
public sealed record ForecastPoint(string Name, DateTimeOffset Time, bool Expected, string Reason);
