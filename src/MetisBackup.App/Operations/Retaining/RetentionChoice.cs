using MetisBackup.Core.Retention;

namespace MetisBackup.App.Operations.Retaining;

/// <summary>Which rules hold for what in a store.</summary>
internal sealed record RetentionChoice
{
    /// <summary>Rules by database, for those that have their own.</summary>
    public IReadOnlyDictionary<string, RetentionPolicy> Databases { get; init; } = new Dictionary<string, RetentionPolicy>(StringComparer.Ordinal);

    /// <summary>Rules for all others, and for snapshots that do not tell their database.</summary>
    public required RetentionPolicy Usual { get; init; }

    /// <summary>Rules for the states before restores.</summary>
    public required RetentionPolicy Safety { get; init; }

    /// <summary>The rules of a series.</summary>
    public RetentionPolicy Of(StoreSeries series) =>
        series.IsSafety ? Safety : series.Database is { } database && Databases.TryGetValue(database, out var own) ? own : Usual;
}

/// <summary>How far to look ahead, and what comes until then.</summary>
/// <param name="End">The end of the look.</param>
/// <param name="Arrivals">When snapshots are due, the earliest first: by database, or by data set.</param>
internal sealed record RetentionHorizon(DateTimeOffset End, IReadOnlyDictionary<string, IReadOnlyList<DateTimeOffset>> Arrivals)
{
    /// <summary>What comes of one of them; nothing when none is due.</summary>
    public IReadOnlyList<DateTimeOffset> Of(string? subject) => subject is not null && Arrivals.TryGetValue(subject, out var times) ? times : [];
}
