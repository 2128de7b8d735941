using System.Text.Json;

namespace MetisBackup.Storage.ArangodumpFormat;

/// <summary>What a dump holds, without its documents.</summary>
public sealed record DumpCatalogue
{
    /// <summary>Path of the folder of the dump, relative to where the files are; empty when it is that folder itself.</summary>
    public required string Folder { get; init; }

    /// <summary>The database that was dumped; null when the dump does not tell.</summary>
    public required string? Database { get; init; }

    /// <summary>Properties of the database; null in old dumps.</summary>
    public JsonElement? DatabaseProperties { get; init; }

    /// <summary>Collections ordered by name.</summary>
    public required IReadOnlyList<CollectionInDump> Collections { get; init; }

    /// <summary>Views ordered by name.</summary>
    public required IReadOnlyList<ViewInDump> Views { get; init; }

    /// <summary>Whatever else lies beside the dump: folders with their files.</summary>
    public required IReadOnlyList<ForeignFolder> Others { get; init; }

    /// <summary>What is odd about it without being an error: one sentence each.</summary>
    public required IReadOnlyList<string> Remarks { get; init; }
}

/// <summary>A collection of a dump.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsEdge">An edge collection.</param>
/// <param name="Definition">Parameters and indexes as one entry of an inventory, in today's form.</param>
/// <param name="Identity">Identity on the server; null in old dumps.</param>
/// <param name="Indexes">Number of indexes besides primary and edge index.</param>
/// <param name="DataFiles">Paths of its files of documents, in order; none when only the structure was dumped.</param>
/// <param name="DataBytes">Their size.</param>
public sealed record CollectionInDump(
    string Name, bool IsEdge, ReadOnlyMemory<byte> Definition, string? Identity, int Indexes, IReadOnlyList<string> DataFiles, long DataBytes);

/// <summary>A view of a dump.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Definition">Its definition, byte for byte.</param>
public sealed record ViewInDump(string Name, string? Type, ReadOnlyMemory<byte> Definition);

/// <summary>Files beside a dump.</summary>
/// <param name="Name">Name of the folder.</param>
/// <param name="Files">Number of files and links, in folders below it too.</param>
/// <param name="Bytes">Size of the files.</param>
public sealed record ForeignFolder(string Name, long Files, long Bytes);
