using System.Text.Json;
using System.Text.Json.Serialization;

namespace MetisBackup.App.Commands.Documents;

/// <summary>Of <c>diff</c>.</summary>
internal sealed record DiffDocument : Document
{
    /// <summary>The earlier state.</summary>
    public required StateDetail Before { get; init; }

    /// <summary>The later state.</summary>
    public required StateDetail After { get; init; }

    /// <summary>Nothing differs.</summary>
    public required bool Equal { get; init; }

    /// <summary>Documents that only the later state has, all collections together.</summary>
    public required long Added { get; init; }

    /// <summary>Documents that both have and that differ.</summary>
    public required long Changed { get; init; }

    /// <summary>Documents that only the earlier state has.</summary>
    public required long Removed { get; init; }

    /// <summary>Every collection that was compared, equal ones too, ordered by name.</summary>
    public required IReadOnlyList<CollectionDiffDetail> Collections { get; init; }

    /// <summary>Views, graphs, analyzers and functions that differ.</summary>
    public required IReadOnlyList<ObjectDiffDetail> Objects { get; init; }

    /// <summary>The files beside the database; null when there are none, or only some collections were asked for.</summary>
    public required FilesDiffDetail? Files { get; init; }

    /// <summary>Wall-clock seconds.</summary>
    public required double DurationSeconds { get; init; }
}

/// <summary>What changed among the files beside the database.</summary>
/// <param name="Added">Entries (files, directories, links) that only the later state has.</param>
/// <param name="Changed">Entries that both have and that differ.</param>
/// <param name="Removed">Entries that only the earlier state has.</param>
/// <param name="Entries">The first of them, as many as <c>--limit</c> says.</param>
/// <param name="NotCompared">Why they were not compared, one sentence; null when they were.</param>
internal sealed record FilesDiffDetail(long Added, long Changed, long Removed, IReadOnlyList<FileDiffDetail> Entries, string? NotCompared);

/// <summary>A file, directory or link that differs.</summary>
/// <param name="Change"><c>added</c>, <c>changed</c> or <c>removed</c>.</param>
/// <param name="Type"><c>file</c>, <c>directory</c> or <c>link</c>.</param>
/// <param name="Path">Below the directory; bytes that are no text as <c>\x</c> and two digits.</param>
/// <param name="Reason">What differs; empty unless <paramref name="Change"/> is <c>changed</c>.</param>
internal sealed record FileDiffDetail(string Change, string Type, string Path, string Reason);

/// <summary>One of the two states.</summary>
/// <param name="Snapshot">Full name; null for the live database.</param>
/// <param name="Database">The database.</param>
/// <param name="Timestamp">When the snapshot was taken; null for the live database.</param>
internal sealed record StateDetail(string? Snapshot, string Database, DateTimeOffset? Timestamp);

/// <summary>What changed in one collection.</summary>
internal sealed record CollectionDiffDetail
{
    /// <summary>Name.</summary>
    public required string Name { get; init; }

    /// <summary>Its name in the earlier state; null when that was the same.</summary>
    public required string? RenamedFrom { get; init; }

    /// <summary><c>document</c> or <c>edge</c>.</summary>
    public required string Type { get; init; }

    /// <summary><c>equal</c>, <c>changed</c>, or <c>added</c> or <c>removed</c> when only one state has it.</summary>
    public required string State { get; init; }

    /// <summary><c>revision</c> or <c>content</c>; null when only one state has the collection.</summary>
    public required string? ComparedBy { get; init; }

    /// <summary>Number of documents in the earlier state.</summary>
    public required long DocumentsBefore { get; init; }

    /// <summary>Number of documents in the later state.</summary>
    public required long DocumentsAfter { get; init; }

    /// <summary>Documents that only the later state has.</summary>
    public required long Added { get; init; }

    /// <summary>Documents that both have and that differ.</summary>
    public required long Changed { get; init; }

    /// <summary>Documents that only the earlier state has.</summary>
    public required long Removed { get; init; }

    /// <summary>Properties and indexes that differ.</summary>
    public required IReadOnlyList<DefinitionDiffDetail> Definitions { get; init; }

    /// <summary>The first keys that differ, ascending; empty without <c>--keys</c>.</summary>
    public required IReadOnlyList<KeyDiffDetail> Keys { get; init; }

    /// <summary>How many keys differ beyond those.</summary>
    public required long MoreKeys { get; init; }

    /// <summary>The first documents that differ; empty without <c>--documents</c> or <c>--key</c>.</summary>
    public required IReadOnlyList<DocumentDiffDetail> Documents { get; init; }
}

/// <summary>A property or an index that differs.</summary>
/// <param name="Change"><c>added</c>, <c>changed</c> or <c>removed</c>.</param>
/// <param name="Kind"><c>property</c> or <c>index</c>.</param>
/// <param name="Name">Name of the index, or path of the property with dots.</param>
/// <param name="Before">The earlier value or definition; null when there was none.</param>
/// <param name="After">The later one.</param>
internal sealed record DefinitionDiffDetail(string Change, string Kind, string Name, ValueDetail? Before, ValueDetail? After);

/// <summary>A view, graph, analyzer or function that differs.</summary>
/// <param name="Change"><c>added</c>, <c>changed</c> or <c>removed</c>.</param>
/// <param name="Kind"><c>view</c>, <c>graph</c>, <c>analyzer</c> or <c>function</c>.</param>
/// <param name="Name">Its name.</param>
internal sealed record ObjectDiffDetail(string Change, string Kind, string Name);

/// <summary>A document that differs.</summary>
/// <param name="Change"><c>added</c>, <c>changed</c> or <c>removed</c>.</param>
/// <param name="Key">Its key.</param>
internal sealed record KeyDiffDetail(string Change, string Key);

/// <summary>A document and its fields that differ.</summary>
/// <param name="Change"><c>added</c>, <c>changed</c>, <c>removed</c>, or <c>equal</c> for a document that was asked for by key.</param>
/// <param name="Key">Its key.</param>
/// <param name="Fields">The fields; empty when only the revision differs.</param>
/// <param name="MoreFields">How many fields differ beyond those.</param>
internal sealed record DocumentDiffDetail(string Change, string Key, IReadOnlyList<FieldDiffDetail> Fields, int MoreFields);

/// <summary>A field that differs.</summary>
/// <param name="Path">Names from the top of the document down to the field.</param>
/// <param name="Change"><c>added</c>, <c>changed</c> or <c>removed</c>.</param>
/// <param name="Before">The earlier value; null when there was none.</param>
/// <param name="After">The later value; null when there is none.</param>
internal sealed record FieldDiffDetail(IReadOnlyList<string> Path, string Change, ValueDetail? Before, ValueDetail? After);

/// <summary>A value of a document or a definition.</summary>
/// <param name="Value">The value itself; null when it is too long.</param>
/// <param name="Beginning">The beginning of its JSON text when it is too long; absent otherwise.</param>
/// <param name="Bytes">Its size as JSON text.</param>
internal sealed record ValueDetail(
    JsonElement? Value,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Beginning,
    int Bytes);
