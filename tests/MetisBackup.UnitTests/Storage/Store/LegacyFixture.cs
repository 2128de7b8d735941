using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

namespace MetisBackup.UnitTests.Storage.Store;

/// <summary>Makes snapshots as the earlier tool left them.</summary>
internal static class LegacyFixture
{
    public const string Name = "metis_20251007_143022_before_cf_validation_phase_4";

    public const string Metadata = """
        { "snapshot_name": "metis_20251007_143022_before_cf_validation_phase_4", "timestamp": "2025-10-07T14:30:22.123456",
          "description": "Before CF validation Phase 4", "git_commit": "5a49", "git_branch": "main", "permanent": false,
          "collections": { "papers": 0, "cites": 0 }, "bulk_store_size_mb": 0.5, "database_size_mb": 2.0, "compression": null }
        """;

    /// <summary>The files of a dump with two collections and a view, by path below the folder of the snapshot.</summary>
    public static Dictionary<string, byte[]> Dump(string folder = "database/") => new(StringComparer.Ordinal)
    {
        [folder + "ENCRYPTION"] = "none"u8.ToArray(),
        [folder + "dump.json"] = """{"database":"arxiv","lastTickAtDumpStart":"1806","useEnvelope":false,"properties":{"id":"301","name":"arxiv","isSystem":false}}"""u8.ToArray(),
        [folder + "papers_a566b2bebc62611dff4cdaceac1a7bbd.structure.json"] = Structure("papers", 2, """{"id":"77","type":"persistent","fields":["year"],"unique":false,"sparse":false}"""),
        [folder + "papers_a566b2bebc62611dff4cdaceac1a7bbd.data.json.gz"] = Pack(Lines(Enumerable.Range(0, 20).Select(static n => $$"""{"_key":"p{{n}}","_id":"papers/p{{n}}","_rev":"_kA{{n:00}}aaa---","year":{{2000 + n}},"big":1152921504606846976.0}"""))),
        [folder + "cites_5d22444005e2014ec829859fe1ce0793.structure.json"] = Structure("cites", 3),
        [folder + "cites_5d22444005e2014ec829859fe1ce0793.data.json"] = Lines(["""{"_key":"c1","_id":"cites/c1","_rev":"_kA99aaa---","_from":"papers/p1","_to":"papers/p2"}"""]),
        [folder + "search.view.json"] = """{"name":"search","type":"arangosearch","links":{"papers":{"includeAllFields":true}}}"""u8.ToArray(),
    };

    /// <summary>Writes files below a folder of the store.</summary>
    public static string Write(string store, string name, string? metadata, IEnumerable<KeyValuePair<string, byte[]>> files)
    {
        var folder = Directory.CreateDirectory(Path.Combine(store, name)).FullName;
        foreach (var (path, content) in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, path))!);
            File.WriteAllBytes(Path.Combine(folder, path), content);
        }

        if (metadata is not null)
        {
            File.WriteAllText(Path.Combine(folder, "metadata.json"), metadata);
        }

        return folder;
    }

    /// <summary>Packs files into <c>NAME.tar.gz</c> as Python's tarfile does; <paramref name="extra"/> adds members of any kind.</summary>
    public static string WriteArchive(string store, string name, IEnumerable<KeyValuePair<string, byte[]>> files, Action<TarWriter>? extra = null)
    {
        var path = Path.Combine(store, name + ".tar.gz");
        using var packed = new GZipStream(File.Create(path), CompressionLevel.Optimal);
        using var tar = new TarWriter(packed, TarEntryFormat.Pax);
        tar.WriteEntry(new PaxTarEntry(TarEntryType.Directory, name + "/"));
        foreach (var (file, content) in files)
        {
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, $"{name}/{file}") { DataStream = new MemoryStream(content) });
        }

        extra?.Invoke(tar);
        return path;
    }

    public static byte[] Structure(string name, int type, string indexes = "") =>
        Encoding.UTF8.GetBytes($$$"""{"indexes":[{{{indexes}}}],"parameters":{"name":"{{{name}}}","type":{{{type}}},"cid":"{{{name.Length}}}","deleted":false,"isSystem":false,"keyOptions":{"allowUserKeys":true,"type":"traditional"},"globallyUniqueId":"h1/{{{name}}}"}}""");

    public static byte[] Lines(IEnumerable<string> lines) => Encoding.UTF8.GetBytes(string.Concat(lines.Select(static line => line + "\n")));

    public static byte[] Pack(byte[] content)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return packed.ToArray();
    }
}
