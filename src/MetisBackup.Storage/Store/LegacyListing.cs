using System.Globalization;
using System.Text.Json;
using MetisBackup.Core.Naming;
using MetisBackup.Core.Snapshots;
using MetisBackup.Storage.ArangodumpFormat;

namespace MetisBackup.Storage.Store;

/// <summary>
/// Lists what the earlier tool left: folders with <c>metadata.json</c> and a dump, folders with <c>metadata.json</c> alone and an archive
/// <c>NAME.tar.gz</c> beside them, archives whose folder is gone, and folders of runs that were killed.
/// </summary>
internal static class LegacyListing
{
    private const string ArchiveEnd = ".tar.gz";
    private const string NameStart = "metis_";
    private const string NameTime = "yyyyMMdd_HHmmss";
    private const double Megabyte = 1024 * 1024;
    private const int LargestHeader = 64 * 1024;
    private const int MostFolders = 16;

    private static readonly string[] OwnFiles = ["manifest.json", HashList.FileName];

    /// <summary>Whether a folder was not written by this program: neither its hashes nor its manifest are there, and no schema is stated.</summary>
    public static bool IsLegacy(string folder, SnapshotMetadata? metadata) =>
        metadata is null or { Schema: 0 } && !Array.Exists(OwnFiles, file => File.Exists(Path.Combine(folder, file)));

    /// <summary>The snapshot in such a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="problem">Why its metadata could not be read as it is; null when it could.</param>
    /// <param name="zone">The zone of the times in it.</param>
    public static SnapshotEntry ReadFolder(string folder, string? problem, TimeZoneInfo zone)
    {
        var name = Path.GetFileName(folder);
        var archive = ArchiveOf(folder);
        var metadata = ReadMetadata(Path.Combine(folder, "metadata.json"));
        var entry = new SnapshotEntry { Name = name, Path = folder, Archive = archive, State = SnapshotState.Legacy, Metadata = Complete(metadata, folder, archive), CreatedAt = TimeOf(metadata?.Timestamp, name, zone) };
        if (metadata is not null)
        {
            return archive is not null || HoldsDump(folder)
                ? entry
                : entry with { State = SnapshotState.Damaged, Problem = metadata.Compression is null ? "it holds no dump" : $"its archive {name}{ArchiveEnd} is missing" };
        }

        var isMissing = !File.Exists(Path.Combine(folder, "metadata.json"));
        return isMissing && archive is null
            ? entry with { State = SnapshotState.Leftover, Problem = "left behind by a run that ended before it was complete" }
            : entry with { Problem = problem };
    }

    /// <summary>Archives without a folder: the earlier tool was killed between removing the one and making the other.</summary>
    public static IEnumerable<SnapshotEntry> FindOrphans(string storePath, TimeZoneInfo zone) =>
        from archive in Directory.EnumerateFiles(storePath, NameStart + "*" + ArchiveEnd)
        let folder = archive[..^ArchiveEnd.Length]
        where !Path.Exists(folder) && !SnapshotFolder.IsLink(new FileInfo(archive))
        select new SnapshotEntry
        {
            Name = Path.GetFileName(folder),
            Path = folder,
            Archive = archive,
            State = SnapshotState.Legacy,
            Problem = "its folder is gone, only the archive is left",
            CreatedAt = TimeOf(timestamp: null, Path.GetFileName(folder), zone),
        };

    /// <summary>
    /// Reads metadata of the earlier tool: whatever is not of the expected kind counts as not there, so that no odd attribute makes a
    /// snapshot invisible. Null when it is no JSON object.
    /// </summary>
    public static SnapshotMetadata? ReadMetadata(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(StoreFile.ReadSmall(path));
            var root = document.RootElement;
            return root.ValueKind != JsonValueKind.Object || root.TryGetProperty("schema"u8, out _) ? null : new SnapshotMetadata
            {
                SnapshotName = Text(root, "snapshot_name") ?? "",
                Timestamp = Text(root, "timestamp") ?? "",
                Description = Text(root, "description") ?? "",
                Database = Text(root, "database") is { } database && ServerNames.IsDatabase(database) ? database : null,
                GitCommit = Text(root, "git_commit"),
                GitBranch = Text(root, "git_branch"),
                Permanent = root.TryGetProperty("permanent"u8, out var permanent) && permanent.ValueKind is not (JsonValueKind.False or JsonValueKind.Null),
                Collections = Counts(root),
                BulkStoreSizeMb = Number(root, "bulk_store_size_mb"),
                DatabaseSizeMb = Number(root, "database_size_mb"),
                Compression = Text(root, "compression"),
            };
        }
        catch (Exception error) when (StoreFault.IsDisk(error) || error is JsonException or InvalidOperationException)
        {
            // the last one stands for names of attributes that are no text
            return null;
        }
    }

    /// <summary>
    /// When a legacy snapshot was taken. The earlier tool wrote the local time of its host without saying so; an offset is obeyed where
    /// there is one. An hour that occurred twice counts as its second occurrence, one that did not occur as that much later.
    /// </summary>
    public static DateTimeOffset TimeOf(string? timestamp, string name, TimeZoneInfo zone)
    {
        if (DateTimeOffset.TryParse(timestamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var stated))
        {
            return DateTime.TryParse(timestamp, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var local) && local.Kind == DateTimeKind.Unspecified
                ? ToUtc(local, zone)
                : stated.ToUniversalTime();
        }

        return name.Length > NameStart.Length + NameTime.Length && name.StartsWith(NameStart, StringComparison.Ordinal)
            && DateTime.TryParseExact(name.AsSpan(NameStart.Length, NameTime.Length), NameTime, CultureInfo.InvariantCulture, DateTimeStyles.None, out var named)
                ? ToUtc(named, zone)
                : DateTimeOffset.UnixEpoch;
    }

    /// <summary>Never beyond the first and the last moment that there are.</summary>
    private static DateTimeOffset ToUtc(DateTime local, TimeZoneInfo zone)
    {
        var stated = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        var offset = zone.IsInvalidTime(stated) ? zone.BaseUtcOffset : zone.GetUtcOffset(stated);
        return new DateTimeOffset(Math.Clamp(stated.Ticks - offset.Ticks, DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks), TimeSpan.Zero);
    }

    /// <summary>The archive of a folder: beside it, or in it when it was about to be deleted.</summary>
    private static string? ArchiveOf(string folder) =>
        new[] { folder + ArchiveEnd, Path.Combine(folder, Path.GetFileName(folder) + ArchiveEnd) }
            .FirstOrDefault(static path => File.Exists(path) && !SnapshotFolder.IsLink(new FileInfo(path)));

    private static bool HoldsDump(string folder) =>
        Directory.EnumerateDirectories(folder).Any() || File.Exists(Path.Combine(folder, "dump.json")) || Directory.EnumerateFiles(folder, "*.structure.json").Any();

    /// <summary>What the earlier tool did not write down: the database, where a dump lies at hand, and the size.</summary>
    private static SnapshotMetadata? Complete(SnapshotMetadata? metadata, string folder, string? archive) => metadata is null ? null : metadata with
    {
        Database = metadata.Database ?? (archive is null ? DatabaseOf(folder) : null),
        StoredBytes = archive is not null ? new FileInfo(archive).Length : (long)((metadata.DatabaseSizeMb + metadata.BulkStoreSizeMb) * Megabyte),
    };

    private static string? DatabaseOf(string folder)
    {
        foreach (var place in Directory.EnumerateDirectories(folder).Take(MostFolders).Append(folder))
        {
            var header = new FileInfo(Path.Combine(place, "dump.json"));
            if (header is not { Exists: true, Length: < LargestHeader } || SnapshotFolder.IsLink(header) || !OwnSize.IsRegularFile(header.FullName))
            {
                continue;
            }

            try
            {
                using var document = JsonDocument.Parse(File.ReadAllBytes(header.FullName));
                return document.RootElement.ValueKind == JsonValueKind.Object && Text(document.RootElement, "database") is { } database && ServerNames.IsDatabase(database) ? database : null;
            }
            catch (Exception error) when (StoreFault.IsDisk(error) || error is JsonException or InvalidOperationException)
            {
                return null;
            }
        }

        return null;
    }

    private static string? Text(JsonElement root, string name) => DumpDefinition.Text(root, name) is { } text && root.GetProperty(name).ValueKind == JsonValueKind.String ? text : null;

    private static double Number(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number is >= 0 and < 1e12 ? number : 0;

    private static Dictionary<string, long> Counts(JsonElement root)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        if (root.TryGetProperty("collections"u8, out var collections) && collections.ValueKind == JsonValueKind.Object)
        {
            foreach (var one in collections.EnumerateObject())
            {
                counts[one.Name] = one.Value.ValueKind == JsonValueKind.Number && one.Value.TryGetInt64(out var count) && count > 0 ? count : 0;
            }
        }

        return counts;
    }
}
