using MetisBackup.Core.Comparing;
using MetisBackup.Core.Planning;

namespace MetisBackup.App.Operations.Comparing;

/// <summary>What changed in one collection.</summary>
internal sealed record CollectionComparison
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its name in the earlier state; null when that was the same.</summary>
    public string? RenamedFrom { get; init; }

    /// <summary>An edge collection, in the later state where it is in both.</summary>
    public required bool IsEdge { get; init; }

    /// <summary>Only one state has it; null when both do.</summary>
    public ChangeKind? Existence { get; init; }

    /// <summary>How documents were compared; null when only one state has the collection.</summary>
    public ComparisonMethod? Method { get; init; }

    /// <summary>Number of documents in the earlier state.</summary>
    public long DocumentsBefore { get; init; }

    /// <summary>Number of documents in the later state.</summary>
    public long DocumentsAfter { get; init; }

    /// <summary>Documents that only the later state has.</summary>
    public long Added { get; init; }

    /// <summary>Documents that both have and that differ.</summary>
    public long Changed { get; init; }

    /// <summary>Documents that only the earlier state has.</summary>
    public long Removed { get; init; }

    /// <summary>Properties and indexes that differ.</summary>
    public IReadOnlyList<DefinitionChange> Definitions { get; init; } = [];

    /// <summary>The first keys that differ, ascending; empty when keys were not asked for or only one state has the collection.</summary>
    public IReadOnlyList<KeyChange> Keys { get; init; } = [];

    /// <summary>How many keys differ beyond those.</summary>
    public long MoreKeys { get; init; }

    /// <summary>The first documents that differ; empty when documents were not asked for.</summary>
    public IReadOnlyList<DocumentChange> Documents { get; init; } = [];

    /// <summary>Nothing differs.</summary>
    public bool IsEqual => Existence is null && RenamedFrom is null && Added + Changed + Removed == 0 && Definitions.Count == 0;
}

/// <summary>How documents are told apart.</summary>
internal enum ComparisonMethod
{
    /// <summary>Revisions: a document that was written counts as changed.</summary>
    Revision,

    /// <summary>Everything but the revision, byte for byte: where one state keeps no usable revisions, or on demand.</summary>
    Content,
}

/// <summary>A property or an index that differs.</summary>
/// <param name="Kind">What happened to it.</param>
/// <param name="IsIndex">An index; otherwise a property.</param>
/// <param name="Name">Name of the index, or path of the property with dots.</param>
/// <param name="Before">The earlier value of a property or definition of an index.</param>
/// <param name="After">The later one.</param>
internal sealed record DefinitionChange(ChangeKind Kind, bool IsIndex, string Name, FieldValue? Before, FieldValue? After);

/// <summary>A view, graph, analyzer or function that differs.</summary>
/// <param name="Kind">What happened to it.</param>
/// <param name="What">What it is.</param>
/// <param name="Name">Its name.</param>
internal sealed record ObjectChange(ChangeKind Kind, RestoreObject What, string Name);

/// <summary>A document that differs.</summary>
/// <param name="Kind">What happened to it.</param>
/// <param name="Key">Its key.</param>
internal sealed record KeyChange(ChangeKind Kind, string Key);

/// <summary>A document and its fields that differ.</summary>
/// <param name="Kind">What happened to it; null when it is the same in both states.</param>
/// <param name="Key">Its key.</param>
/// <param name="Fields">The fields; empty when only the revision differs.</param>
internal sealed record DocumentChange(ChangeKind? Kind, string Key, FieldChanges Fields);
