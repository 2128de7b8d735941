namespace MetisBackup.Core.Planning;

/// <summary>What a database or a snapshot consists of, as far as a restore has to know.</summary>
public sealed record DatabaseContents
{
    /// <summary>Collections, system ones included.</summary>
    public required IReadOnlyList<CollectionFacts> Collections { get; init; }

    /// <summary>Views.</summary>
    public required IReadOnlyList<ViewFacts> Views { get; init; }

    /// <summary>Named graphs, analyzers and functions: documents of system collections with a meaning of their own.</summary>
    public required IReadOnlyList<DefinitionFacts> Definitions { get; init; }

    /// <summary>Views that an unfinished restore took away and that belong there; none of them is among the views.</summary>
    public IReadOnlyList<ViewFacts> LostViews { get; init; } = [];

    /// <summary>
    /// System collections that are not among <see cref="Collections"/> are unknown and not missing: they stay as they are, with the graphs,
    /// analyzers and functions in them.
    /// </summary>
    public bool LeavesUnlistedSystemCollections { get; init; }

    /// <summary>Whether a collection of a database that is to become equal to this one stays although it is not among <see cref="Collections"/>.</summary>
    public bool Leaves(string name) => SystemCollections.IsPrivate(name) || IsUnknown(name);

    /// <summary>Whether nothing is known of a collection, neither that it was there nor that it was not.</summary>
    public bool IsUnknown(string name) => LeavesUnlistedSystemCollections && name.StartsWith('_') && Collections.All(one => one.Name != name);

    /// <summary>A database with nothing in it.</summary>
    public static DatabaseContents Empty { get; } = new() { Collections = [], Views = [], Definitions = [] };
}

/// <summary>One collection.</summary>
/// <param name="Name">Name.</param>
/// <param name="IsEdge">An edge collection.</param>
/// <param name="Documents">Number of documents.</param>
/// <param name="Identity">Identity across renames; empty when unknown.</param>
public sealed record CollectionFacts(string Name, bool IsEdge, long Documents, string Identity = "")
{
    /// <summary>Named like one of the server's own.</summary>
    public bool IsSystem => Name.StartsWith('_');

    /// <summary>Its inverted indexes.</summary>
    public IReadOnlyList<SearchIndexFacts> SearchIndexes { get; init; } = [];
}

/// <summary>An inverted index.</summary>
/// <param name="Name">Name.</param>
/// <param name="Analyzers">Names of the analyzers it uses, without that of the database.</param>
public sealed record SearchIndexFacts(string Name, IReadOnlyList<string> Analyzers);

/// <summary>One view.</summary>
/// <param name="Name">Name.</param>
/// <param name="IsAlias">A search-alias view, which is made of inverted indexes.</param>
/// <param name="Collections">The collections it takes documents from.</param>
public sealed record ViewFacts(string Name, bool IsAlias, IReadOnlyList<string> Collections)
{
    /// <summary>The indexes that a search-alias view is made of.</summary>
    public IReadOnlyList<ViewIndex> Indexes { get; init; } = [];

    /// <summary>Names of the analyzers that an arangosearch view uses, without that of the database.</summary>
    public IReadOnlyList<string> Analyzers { get; init; } = [];
}

/// <summary>An index as a search-alias view names it.</summary>
/// <param name="Collection">The collection.</param>
/// <param name="Index">Its inverted index.</param>
public readonly record struct ViewIndex(string Collection, string Index);

/// <summary>A graph, an analyzer or a function.</summary>
/// <param name="Kind">Which of them.</param>
/// <param name="Name">Its name.</param>
/// <param name="Fingerprint">Equal for equal definitions.</param>
public sealed record DefinitionFacts(RestoreObject Kind, string Name, string Fingerprint)
{
    /// <summary>The collections that a graph is made of; empty for anything else.</summary>
    public IReadOnlyList<string> Collections { get; init; } = [];
}
