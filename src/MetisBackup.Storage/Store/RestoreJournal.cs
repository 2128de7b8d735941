using System.Text.Json;
using System.Text.Json.Serialization;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;

namespace MetisBackup.Storage.Store;

/// <summary>A restore that has begun to change a database.</summary>
/// <param name="Database">The target.</param>
/// <param name="Endpoint">The server.</param>
/// <param name="Snapshot">What is being restored.</param>
/// <param name="SafetySnapshot">The state before the first change; null when there was none.</param>
/// <param name="Started">When the present attempt began (UTC).</param>
public sealed record RestoreJournalEntry(string Database, string Endpoint, string Snapshot, string? SafetySnapshot, DateTimeOffset Started);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(RestoreJournalEntry))]
internal sealed partial class RestoreJournalJson : JsonSerializerContext;

/// <summary>
/// Makes a restore that was killed recognisable: a file that is there from the first change of a database to the proof of the result.
/// Also keeps two restores of one database apart; that right ends with the process.
/// </summary>
public sealed class RestoreJournal : IDisposable
{
    private const string Folder = ".restores";
    private const string Extension = ".json";
    private readonly string _path;
    private readonly FileStream _lock;

    private RestoreJournal(string path, FileStream held, RestoreJournalEntry entry)
    {
        (_path, _lock, Entry) = (path, held, entry);
        Earlier = Read(path);
    }

    /// <summary>The present attempt.</summary>
    public RestoreJournalEntry Entry { get; private set; }

    /// <summary>An attempt at the same database that did not end; null when there was none.</summary>
    public RestoreJournalEntry? Earlier { get; }

    /// <summary>Takes the right to restore a database. Nothing is written yet.</summary>
    /// <exception cref="MetisException">Locked: another run restores that database. NoSpace, Denied: as the disk says.</exception>
    public static RestoreJournal Begin(SnapshotStore store, RestoreJournalEntry entry)
    {
        var path = Path.Combine(store.Path, Folder, CollectionFolder.NameOf($"{entry.Database}@{entry.Endpoint}") + Extension);
        try
        {
            StoreFile.CreateDirectory(Path.GetDirectoryName(path)!);
#pragma warning disable CA2000 // belongs to the journal
            return new RestoreJournal(path, Lock(path), entry);
#pragma warning restore CA2000
        }
        catch (IOException error) when (StoreFault.IsLocked(error))
        {
            throw new MetisException(
                ErrorCode.Locked, $"Another run restores database {QuotedName.Of(entry.Database)}.", "wait until it has ended; the lock goes away with that process", error);
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            throw StoreFault.Writing(error, path);
        }
    }

    /// <summary>Attempts that began to change a database, did not end, and are not under way.</summary>
    public static IReadOnlyList<RestoreJournalEntry> FindUnfinished(SnapshotStore store)
    {
        var folder = Path.Combine(store.Path, Folder);
        try
        {
            return Directory.Exists(folder)
                ? [.. Directory.EnumerateFiles(folder, "*" + Extension).Where(static path => !IsHeld(path)).Select(Read).OfType<RestoreJournalEntry>().OrderBy(static one => one.Started)]
                : [];
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            throw StoreFault.Reading(error, folder);
        }
    }

    /// <summary>Writes down, durably, that the database is about to change.</summary>
    /// <param name="safetySnapshot">The state before; that of an earlier attempt, which did not end, is kept instead.</param>
    /// <exception cref="MetisException">NoSpace, Denied: as the disk says.</exception>
    public void Start(string? safetySnapshot)
    {
        Entry = Entry with { SafetySnapshot = Earlier?.SafetySnapshot ?? safetySnapshot };
        try
        {
            StoreFile.Replace(_path, JsonSerializer.SerializeToUtf8Bytes(Entry, RestoreJournalJson.Default.RestoreJournalEntry));
            DirectoryFlush.Flush(Path.GetDirectoryName(_path)!);
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            throw StoreFault.Writing(error, _path);
        }
    }

    /// <summary>The database is what it was meant to be.</summary>
    /// <exception cref="MetisException">Denied: as the disk says.</exception>
    public void Complete()
    {
        try
        {
            File.Delete(_path);
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            throw StoreFault.Writing(error, _path);
        }
    }

    /// <summary>Gives the right back.</summary>
    public void Dispose() => _lock.Dispose();

    private static FileStream Lock(string path) => new(path + ".lock", new FileStreamOptions
    {
        Mode = FileMode.OpenOrCreate,
        Access = FileAccess.ReadWrite,
        Share = FileShare.None,
        BufferSize = 0,
        UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
    });

    private static bool IsHeld(string path)
    {
        try
        {
            using var held = new FileStream(path + ".lock", FileMode.Open, FileAccess.Read, FileShare.None);
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (IOException error) when (StoreFault.IsLocked(error))
        {
            return true;
        }
    }

    private static RestoreJournalEntry? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), RestoreJournalJson.Default.RestoreJournalEntry);
        }
        catch (Exception error) when (error is FileNotFoundException or JsonException)
        {
            return null;
        }
    }
}
