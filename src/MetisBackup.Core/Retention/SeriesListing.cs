using MetisBackup.Core.Errors;

namespace MetisBackup.Core.Retention;

/// <summary>
/// All points of one series (host, tier, database or data set), from one complete reading of the system. A reading that failed has none
/// of these, and a series without points has none either: nothing that follows can mistake either for "nothing to keep".
/// </summary>
public sealed class SeriesListing
{
    private SeriesListing(string series, IReadOnlyList<RecoveryPoint> newestFirst)
    {
        Series = series;
        NewestFirst = newestFirst;
    }

    /// <summary>What the points have in common, for messages.</summary>
    public string Series { get; }

    /// <summary>The points by the system's own order; at least one.</summary>
    public IReadOnlyList<RecoveryPoint> NewestFirst { get; }

    /// <summary>A listing, after a look at whether it can be complete.</summary>
    /// <param name="series">What the points have in common.</param>
    /// <param name="points">The points in any order.</param>
    /// <param name="witness">Id of a point that is known to exist, the one just made for example; null when none is known.</param>
    /// <returns>Null when there is no point and none is known to exist.</returns>
    /// <exception cref="MetisException">16: the witness is missing, or an identity occurs twice.</exception>
    public static SeriesListing? Of(string series, IEnumerable<RecoveryPoint> points, string? witness)
    {
        var newestFirst = points.OrderByDescending(static point => point.Order)
            .ThenByDescending(static point => point.Time)
            .ThenByDescending(static point => point.Id, StringComparer.Ordinal)
            .ToList();
        if (witness is not null && !newestFirst.Exists(point => point.Id == witness))
        {
            throw Untrusted(series, "lacks a point that is known to exist");
        }

        if (newestFirst.DistinctBy(static point => point.Id, StringComparer.Ordinal).Count() < newestFirst.Count)
        {
            throw Untrusted(series, "names two points that cannot be told apart");
        }

        return newestFirst.Count == 0 ? null : new SeriesListing(series, newestFirst);
    }

    private static MetisException Untrusted(string series, string what) =>
        new(ErrorCode.ServerFailed, $"The listing of {series} {what}; nothing is removed on its word.", "list the points by hand, then run the command again");
}
