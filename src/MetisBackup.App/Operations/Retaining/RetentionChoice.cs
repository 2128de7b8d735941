using MetisBackup.Core.Retention;

namespace MetisBackup.App.Operations.Retaining;

/// <summary>Which rules hold for what in a store.</summary>
internal sealed record RetentionChoice
{
    /// <summary>Rules for the databases that have their own.</summary>
    public IReadOnlyDictionary<RetentionSubject, RetentionPolicy> Own { get; init; } = new Dictionary<RetentionSubject, RetentionPolicy>();

    /// <summary>Rules for all others, and for snapshots that do not tell their database.</summary>
    public required RetentionPolicy Usual { get; init; }

    /// <summary>Rules for the states before restores.</summary>
    public required RetentionPolicy Safety { get; init; }

    /// <summary>The rules of a series. What cannot be given to any of the databases of its name stays when the rules of one of them keep it.</summary>
    public RetentionPolicy Of(StoreSeries series) => series.IsSafety ? Safety
        : SubjectOf(series) is { } subject ? Own[subject]
        : Own.Where(one => one.Key.Name == series.Database).Select(static one => one.Value).Prepend(Usual).Distinct().Aggregate(static (one, other) => one.Or(other));

    /// <summary>The database with rules of its own that a series is of; null for none of them.</summary>
    public RetentionSubject? SubjectOf(StoreSeries series) => Own.Keys.FirstOrDefault(one => one.Owns(series, Own.Keys));

    /// <summary>Addresses of the servers that have rules of their own for a database of this name.</summary>
    public IEnumerable<string> AddressesOf(string? database) => Own.Keys.Where(one => one.Name == database).Select(static one => one.Address).OfType<string>();
}

/// <summary>How far to look ahead, and what comes until then.</summary>
/// <param name="End">The end of the look.</param>
/// <param name="Arrivals">When snapshots are due, the earliest first.</param>
internal sealed record RetentionHorizon(DateTimeOffset End, IReadOnlyDictionary<RetentionSubject, IReadOnlyList<DateTimeOffset>> Arrivals)
{
    /// <summary>What comes of one of them; nothing when none is due.</summary>
    public IReadOnlyList<DateTimeOffset> Of(RetentionSubject? subject) => subject is not null && Arrivals.TryGetValue(subject, out var times) ? times : [];
}
