using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace MetisBackup.IntegrationTests.Operations;

/// <summary>Takes snapshots as the earlier tool did: metadata and a dump by the stock tool, in a folder or packed.</summary>
internal static class EarlierTool
{
    public const string Name = "metis_20251007_143022_before_cf_validation_phase_4";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Dumps the database of a lab into its store.</summary>
    /// <param name="lab">The lab.</param>
    /// <param name="packed">As <c>NAME.tar.gz</c> beside a folder with nothing but metadata.</param>
    /// <param name="system">System collections too, which the earlier tool left out.</param>
    public static async Task SnapshotAsync(Lab lab, bool packed = false, bool system = false)
    {
        var folder = Directory.CreateDirectory(Path.Combine(lab.Store, Name)).FullName;
        await DumpAsync(lab, Directory.CreateDirectory(Path.Combine(folder, "database")).FullName, system);
        if (packed)
        {
            await using var archive = new GZipStream(File.Create(folder + ".tar.gz"), CompressionLevel.Fastest);
            await TarFile.CreateFromDirectoryAsync(folder, archive, includeBaseDirectory: true, Token);
            Directory.Delete(Path.Combine(folder, "database"), recursive: true);
        }

        var compression = packed ? "\"tar.gz\"" : "null";
        await File.WriteAllTextAsync(
            Path.Combine(folder, "metadata.json"),
            $$"""{"snapshot_name":"{{Name}}","timestamp":"2025-10-07T14:30:22.123456","description":"Before CF validation Phase 4","git_commit":"5a49","git_branch":"main","permanent":false,"collections":{"products":0},"bulk_store_size_mb":0.0,"database_size_mb":0.4,"compression":{{compression}}}""",
            Token);
    }

    private static async Task DumpAsync(Lab lab, string folder, bool system)
    {
        var batch = (await lab.CallAsync(HttpMethod.Post, Lab.Database, "/_api/replication/batch", """{"ttl":60}""")).GetProperty("id").GetString();
        var inventory = await lab.CallAsync(HttpMethod.Get, Lab.Database, $"/_api/replication/inventory?batchId={batch}&includeSystem={(system ? "true" : "false")}");
        await File.WriteAllTextAsync(Path.Combine(folder, "ENCRYPTION"), "none", Token);
        await File.WriteAllTextAsync(Path.Combine(folder, "dump.json"), $$"""{"database":"{{Lab.Database}}","lastTickAtDumpStart":"1","useEnvelope":false}""", Token);
        foreach (var collection in inventory.GetProperty("collections").EnumerateArray())
        {
            var name = collection.GetProperty("parameters").GetProperty("name").GetString()!;
            var stem = Path.Combine(folder, $"{name}_{Digest(name)}");
            await File.WriteAllTextAsync(stem + ".structure.json", collection.GetRawText(), Token);
            var lines = await lab.Server.Client.GetByteArrayAsync(
                new Uri($"/_db/{Lab.Database}/_api/replication/dump?collection={name}&batchId={batch}&useEnvelope=false&chunkSize=134217728&docsPerBatch=10000000", UriKind.Relative), Token);
            if (lines.Length == 0)
            {
                // the stock tool writes an empty stream, the runtime's own class nothing at all
                await File.WriteAllBytesAsync(stem + ".data.json.gz", Convert.FromHexString("1f8b080000000000000303000000000000000000"), Token);
                continue;
            }

            await using var file = new GZipStream(File.Create(stem + ".data.json.gz"), CompressionLevel.Fastest);
            await file.WriteAsync(lines, Token);
        }

        foreach (var view in inventory.GetProperty("views").EnumerateArray())
        {
            await File.WriteAllTextAsync(Path.Combine(folder, view.GetProperty("name").GetString() + ".view.json"), view.GetRawText(), Token);
        }

        await lab.CallAsync(HttpMethod.Delete, Lab.Database, $"/_api/replication/batch/{batch}");
    }

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Security", "CA5351:Do Not Use Broken Cryptographic Algorithms", Justification = "part of the names of files in the format, no protection")]
    private static string Digest(string name) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(name)));
}
