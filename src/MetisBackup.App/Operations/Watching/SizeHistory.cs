namespace MetisBackup.App.Operations.Watching;

/// <summary>What size points usually have.</summary>
internal static class SizeHistory
{
    /// <summary>Fewer say nothing about what is usual.</summary>
    private const int Fewest = 3;

    /// <summary>More say nothing about the present.</summary>
    private const int Most = 9;

    /// <summary>The median size of the points before <paramref name="newest"/>, in bytes; null when they are too few.</summary>
    public static long? Usual(IReadOnlyList<WatchedPoint> points, WatchedPoint newest)
    {
        var sizes = points
            .Where(one => one.IsBackup && one.Taken < newest.Taken)
            .OrderByDescending(static one => one.Taken)
            .Select(static one => one.Bytes)
            .OfType<long>()
            .Take(Most)
            .Order()
            .ToList();
        return sizes.Count < Fewest ? null : sizes.Count % 2 == 1 ? sizes[sizes.Count / 2] : (sizes[(sizes.Count / 2) - 1] + sizes[sizes.Count / 2]) / 2;
    }
}
