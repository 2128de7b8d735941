using System.Globalization;
using System.Text.Json;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;
using MetisBackup.Core.Snapshots;

namespace MetisBackup.Storage.Store;

/// <summary>Reads what a store holds, from the small metadata of each snapshot.</summary>
internal static class SnapshotListing
{
    /// <summary>All snapshots, newest first. Folders that are none of ours are passed over; ours that are damaged are not.</summary>
    /// <param name="storePath">The store.</param>
    /// <param name="time">Ends pins; its zone is the one whose clock the earlier tool wrote down, which gave local times without an offset.</param>
    public static IReadOnlyList<SnapshotEntry> Read(string storePath, TimeProvider time)
    {
        var entries = new List<SnapshotEntry>();
        try
        {
            foreach (var folder in Directory.EnumerateDirectories(storePath))
            {
                if (!Path.GetFileName(folder).StartsWith('.') && ReadFolder(folder, time) is { } entry)
                {
                    entries.Add(entry);
                }
            }

            entries.AddRange(LegacyListing.FindOrphans(storePath, time.LocalTimeZone));
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            throw new MetisException(
                ErrorCode.Denied, $"The snapshot store '{storePath}' cannot be read: {error.Message}", "run as the owner of the store", error);
        }

        return NewestFirst(entries);
    }

    /// <summary>The snapshot in a folder; null when the folder is none.</summary>
    public static SnapshotEntry? ReadFolder(string folder, TimeProvider time)
    {
        var name = Path.GetFileName(folder);
        var parsed = SnapshotName.TryParse(name, out var ours) ? ours : null;
        var (metadata, problem) = ReadMetadata(folder);
        if (metadata is null && parsed is null && !File.Exists(Path.Combine(folder, HashList.FileName)) && !File.Exists(Path.Combine(folder, "metadata.json")))
        {
            return null;
        }

        if (LegacyListing.IsLegacy(folder, metadata))
        {
            return WithPin(LegacyListing.ReadFolder(folder, problem, time.LocalTimeZone), ReadPin(folder), time);
        }

        var state = StateOf(folder, metadata, ref problem);
        var entry = new SnapshotEntry
        {
            Name = name,
            Path = folder,
            State = state,
            Problem = problem,
            Metadata = metadata,
            CreatedAt = ReadTime(metadata?.Timestamp) ?? parsed?.CreatedAt ?? DateTimeOffset.UnixEpoch,
        };
        return WithPin(entry, ReadPin(folder), time);
    }

    private static SnapshotEntry WithPin(SnapshotEntry entry, SnapshotPin? pin, TimeProvider time) => entry with
    {
        Permanent = pin is not null ? pin.Permanent && !(pin.Until <= time.GetUtcNow()) : entry.Metadata?.Permanent ?? false,
        Pin = pin,
    };

    /// <summary>
    /// By sequence, whatever the clock did. Those without one (unreadable, or of the earlier tool) are put among the others by their time.
    /// </summary>
    private static List<SnapshotEntry> NewestFirst(List<SnapshotEntry> entries)
    {
        var numbered = entries.Where(entry => entry.Sequence > 0)
            .OrderByDescending(entry => entry.Sequence).ThenByDescending(entry => entry.CreatedAt).ThenByDescending(entry => entry.Name, StringComparer.Ordinal);
        var others = new Queue<SnapshotEntry>(entries.Where(entry => entry.Sequence <= 0)
            .OrderByDescending(entry => entry.CreatedAt).ThenByDescending(entry => entry.Name, StringComparer.Ordinal));
        var merged = new List<SnapshotEntry>(entries.Count);
        foreach (var entry in numbered)
        {
            while (others.TryPeek(out var other) && other.CreatedAt > entry.CreatedAt)
            {
                merged.Add(others.Dequeue());
            }

            merged.Add(entry);
        }

        merged.AddRange(others);
        return merged;
    }

    private static (SnapshotMetadata? Metadata, string? Problem) ReadMetadata(string folder)
    {
        var path = Path.Combine(folder, "metadata.json");
        if (SnapshotFolder.IsLink(new FileInfo(path)))
        {
            return (null, "metadata.json is a symbolic link");
        }

        try
        {
            var metadata = JsonSerializer.Deserialize(StoreFile.ReadSmall(path), SnapshotJson.Default.SnapshotMetadata);
            return metadata is null ? (null, "metadata.json is empty") : (metadata, null);
        }
        catch (JsonException)
        {
            return (null, "metadata.json is damaged");
        }
        catch (FileNotFoundException)
        {
            return (null, "metadata.json is missing");
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            return (null, "metadata.json cannot be read");
        }
    }

    private static SnapshotState StateOf(string folder, SnapshotMetadata? metadata, ref string? problem)
    {
        if (metadata is null)
        {
            return SnapshotState.Damaged;
        }

        if (metadata.Schema < SnapshotMetadata.CurrentSchema)
        {
            problem = "metadata.json is damaged";
            return SnapshotState.Damaged;
        }

        var missing = new[] { "manifest.json", HashList.FileName }.Where(file => !File.Exists(Path.Combine(folder, file))).ToList();

        if (metadata.Schema > SnapshotMetadata.CurrentSchema)
        {
            problem = $"it was written by a newer version of metis-backup (schema {metadata.Schema})";
            return SnapshotState.Newer;
        }

        if (missing.Count > 0)
        {
            problem = missing[0] + " is missing";
            return SnapshotState.Damaged;
        }

        return SnapshotState.Complete;
    }

    private static SnapshotPin? ReadPin(string folder)
    {
        var path = Path.Combine(folder, "pin.json");
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize(StoreFile.ReadSmall(path), SnapshotJson.Default.SnapshotPin) : null;
        }
        catch (Exception error) when (StoreFault.IsDisk(error) || error is JsonException)
        {
            // when in doubt, keep
            return new SnapshotPin { Permanent = true };
        }
    }

    private static DateTimeOffset? ReadTime(string? timestamp) =>
        DateTimeOffset.TryParse(timestamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : null;
}
