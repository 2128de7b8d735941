namespace MetisBackup.Core.Planning;

/// <summary>What was found when a database was compared with a snapshot.</summary>
public sealed record DatabaseComparison
{
    /// <summary>Nothing was compared: everything that both hold counts as different.</summary>
    public static readonly DatabaseComparison None = new();

    /// <summary>Collections that both hold, by their names in the snapshot.</summary>
    public IReadOnlyDictionary<string, CollectionDifference> Collections { get; init; } =
        new Dictionary<string, CollectionDifference>(StringComparer.Ordinal);

    /// <summary>Names of views that both hold with equal definitions.</summary>
    public IReadOnlySet<string> EqualViews { get; init; } = new HashSet<string>(StringComparer.Ordinal);
}
