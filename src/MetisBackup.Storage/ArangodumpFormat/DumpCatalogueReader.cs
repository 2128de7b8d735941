using System.Text;
using System.Text.Json;
using MetisBackup.Core.Naming;

namespace MetisBackup.Storage.ArangodumpFormat;

/// <summary>
/// Finds the dump among the files and reads its definitions, as the stock tool would (arangodb-protocol 8.6). What belongs to whom is
/// decided by names, so nothing but small files is opened.
/// </summary>
public sealed class DumpCatalogueReader
{
    private const string StructureEnd = ".structure.json";
    private const string ViewEnd = ".view.json";
    private const int LargestDefinition = 64 * 1024 * 1024;
    private const long MostDefinitionBytes = 256L * 1024 * 1024;

    private readonly IDumpFiles _files;
    private readonly Dictionary<string, byte[]> _definitions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DumpEntry> _entries = new(StringComparer.Ordinal);
    private readonly List<string> _remarks = [];
    private long _definitionBytes;

    private DumpCatalogueReader(IDumpFiles files) => _files = files;

    /// <summary>Reads what a dump holds.</summary>
    /// <exception cref="FormatException">There is no dump, more than one, or one that cannot be read; the message says why, as half a sentence.</exception>
    /// <exception cref="IOException">The disk refuses.</exception>
    public static Task<DumpCatalogue> ReadAsync(IDumpFiles files, CancellationToken cancellationToken) => new DumpCatalogueReader(files).ReadAsync(cancellationToken);

    private async Task<DumpCatalogue> ReadAsync(CancellationToken cancellationToken)
    {
        await _files.VisitAsync(entry => NoteAsync(entry, cancellationToken), cancellationToken);
        var folder = FindFolder();
        var inside = _entries.Values.Where(entry => FolderOf(entry.Path) == folder).ToList();
        if (inside.Find(static entry => entry.Kind == DumpEntryKind.Link) is { } link)
        {
            throw new FormatException($"its dump holds the link {QuotedName.Of(link.Path)}, and a dump has none");
        }

        RequireReadable(folder);
        var header = ReadHeader(folder);
        var data = new DataFileTable(inside.Where(static entry => entry.Kind == DumpEntryKind.File).ToDictionary(static entry => NameOf(entry.Path), static entry => entry.Length, StringComparer.Ordinal));
        var collections = Definitions(folder, StructureEnd).Select(one => ReadCollection(one.Path, one.Content, data)).OfType<CollectionInDump>().ToList();
        if (collections.GroupBy(static one => one.Name, StringComparer.Ordinal).FirstOrDefault(static group => group.Skip(1).Any()) is { } twice)
        {
            throw new FormatException($"collection {QuotedName.Of(twice.Key)} has two structure files");
        }

        _remarks.AddRange(data.Unclaimed().Select(static name => $"File {QuotedName.Of(name)} belongs to no collection of the dump and was passed over."));
        return new DumpCatalogue
        {
            Folder = folder,
            Database = header is { } known && DumpDefinition.Text(known, "database") is { } name && ServerNames.IsDatabase(name) ? name : null,
            DatabaseProperties = header is { } stated && stated.TryGetProperty("properties"u8, out var properties) && properties.ValueKind == JsonValueKind.Object ? properties : null,
            Collections = [.. collections.OrderBy(static one => one.Name, StringComparer.Ordinal)],
            Views = [.. Definitions(folder, ViewEnd).Select(one => Guard(one.Path, () => DumpDefinition.ReadView(one.Content))).OrderBy(static one => one.Name, StringComparer.Ordinal)],
            Others = Others(folder),
            Remarks = _remarks,
        };
    }

    private async ValueTask NoteAsync(DumpEntry entry, CancellationToken cancellationToken)
    {
        _entries[entry.Path] = entry with { Open = static () => Stream.Null };
        if (entry.Kind != DumpEntryKind.File || !IsDefinition(NameOf(entry.Path)))
        {
            return;
        }

        if (entry.Length > LargestDefinition)
        {
            throw new FormatException($"file {QuotedName.Of(entry.Path)} is larger than {LargestDefinition >> 20} MiB, as no definition is");
        }

        _definitionBytes += entry.Length;
        if (_definitionBytes > MostDefinitionBytes)
        {
            throw new FormatException($"its definitions are larger than {MostDefinitionBytes >> 20} MiB, as those of no database are");
        }

        await using var content = entry.Open();
        var bytes = new byte[entry.Length];
        await content.ReadExactlyAsync(bytes, cancellationToken);
        _definitions[entry.Path] = bytes;
    }

    private static bool IsDefinition(string name) => name is "dump.json" or "ENCRYPTION"
        || name.EndsWith(StructureEnd, StringComparison.Ordinal) || name.EndsWith(ViewEnd, StringComparison.Ordinal);

    /// <summary>The folder with a dump in it that lies highest; bulk files may hold dumps of their own.</summary>
    private string FindFolder()
    {
        var folders = _definitions.Keys
            .Where(static path => NameOf(path) == "dump.json" || path.EndsWith(StructureEnd, StringComparison.Ordinal))
            .Select(FolderOf).Distinct(StringComparer.Ordinal)
            .GroupBy(static folder => folder.Length == 0 ? 0 : folder.Count(static character => character == '/') + 1)
            .MinBy(static group => group.Key)?.Order(StringComparer.Ordinal).ToList() ?? [];
        return folders.Count switch
        {
            1 => folders[0],
            0 => throw new FormatException("it holds no dump: neither dump.json nor a structure file is there"),
            _ => throw new FormatException($"it holds more than one dump: {string.Join(", ", folders.Take(3).Select(QuotedName.Of))}"),
        };
    }

    private void RequireReadable(string folder)
    {
        if (_definitions.TryGetValue(Under(folder, "ENCRYPTION"), out var marker) && Encoding.UTF8.GetString(marker).Trim() is var encryption and not "none")
        {
            throw new NotSupportedException($"it is encrypted ({QuotedName.Of(encryption)}), which only the stock arangorestore with its key reads");
        }

        if (_entries.Keys.FirstOrDefault(path => FolderOf(path) == folder && (path.EndsWith(".data.vpack", StringComparison.Ordinal) || path.EndsWith(".data.vpack.gz", StringComparison.Ordinal))) is { } packed)
        {
            throw new NotSupportedException($"its documents are VelocyPack ({QuotedName.Of(packed)}), which only the stock arangorestore reads");
        }
    }

    /// <summary><c>dump.json</c> says little that is needed, so damage to it is a remark. Null when nothing of it can be read.</summary>
    private JsonElement? ReadHeader(string folder)
    {
        if (!_definitions.TryGetValue(Under(folder, "dump.json"), out var content))
        {
            return null;
        }

        try
        {
            var json = new Utf8JsonReader(content, isFinalBlock: false, state: default);
            if (JsonDocument.TryParseValue(ref json, out var document))
            {
                using (document)
                {
                    if (content.AsSpan((int)json.BytesConsumed).ContainsAnyExcept(" \t\r\n"u8))
                    {
                        _remarks.Add("dump.json has something behind its end; only its beginning was read.");
                    }

                    if (document.RootElement.ValueKind == JsonValueKind.Object)
                    {
                        return document.RootElement.TryGetProperty("useVPack"u8, out var packed) && packed.ValueKind == JsonValueKind.True
                            ? throw new NotSupportedException("its documents are VelocyPack, which only the stock arangorestore reads")
                            : document.RootElement.Clone();
                    }
                }
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // said below
        }

        _remarks.Add("dump.json is damaged, so the dump does not tell its database.");
        return null;
    }

    private static CollectionInDump? ReadCollection(string path, byte[] content, DataFileTable data) => Guard(path, () =>
    {
        var (parameters, indexes) = DumpDefinition.ReadCollection(content);
        var name = DumpDefinition.RequireName(parameters);
        var stem = NameOf(path)[..^StructureEnd.Length];
        var names = new DumpFileNames(name, DumpDefinition.Text(parameters, "cid") ?? DumpDefinition.Text(parameters, "id"));
        if (!names.Stems.Contains(stem, StringComparer.Ordinal))
        {
            throw new FormatException($"is named for another collection than {QuotedName.Of(name)}, which it defines");
        }

        var (files, bytes) = data.Claim(names);
        if (parameters.TryGetProperty("deleted"u8, out var deleted) && deleted.ValueKind == JsonValueKind.True)
        {
            return null;
        }

        var (definition, count) = DumpDefinition.ToEntry(parameters, indexes);
        var identity = DumpDefinition.Text(parameters, "globallyUniqueId");
        return new CollectionInDump(
            name, DumpDefinition.Text(parameters, "type") == "3", definition, identity, count, [.. files.Select(file => Under(FolderOf(path), file))], bytes);
    });

    private IEnumerable<(string Path, byte[] Content)> Definitions(string folder, string end) => _definitions
        .Where(one => FolderOf(one.Key) == folder && one.Key.EndsWith(end, StringComparison.Ordinal))
        .OrderBy(static one => one.Key, StringComparer.Ordinal)
        .Select(static one => (one.Key, one.Value));

    private List<ForeignFolder> Others(string folder) =>
    [
        .. _entries.Values
            .Where(entry => entry.Kind != DumpEntryKind.Folder && entry.Path.Contains('/', StringComparison.Ordinal) && FolderOf(entry.Path) != folder)
            .GroupBy(static entry => entry.Path[..entry.Path.IndexOf('/', StringComparison.Ordinal)], StringComparer.Ordinal)
            .Select(static group => new ForeignFolder(group.Key, group.LongCount(), group.Sum(static entry => entry.Length)))
            .OrderBy(static one => one.Name, StringComparer.Ordinal),
    ];

    private static T Guard<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (FormatException error)
        {
            throw new FormatException($"file {QuotedName.Of(path)} {error.Message}", error);
        }
        catch (InvalidOperationException error)
        {
            throw new FormatException($"file {QuotedName.Of(path)} has an attribute whose name is no text", error);
        }
    }

    private static string Under(string folder, string name) => folder.Length == 0 ? name : $"{folder}/{name}";

    private static string FolderOf(string path) => path.LastIndexOf('/') is >= 0 and var end ? path[..end] : "";

    private static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];
}
