namespace MetisBackup.IntegrationTests.Operations.Model;

/// <summary>What one collection must hold: the unique value and the version of every document, by key.</summary>
public sealed record CollectionModel(string Name, bool IsEdge)
{
    public SortedDictionary<string, (int Unique, int Version)> Documents { get; init; } = new(StringComparer.Ordinal);

    public bool HasIndex { get; set; }

    public CollectionModel Copy() => this with { Documents = new(Documents, StringComparer.Ordinal) };
}
