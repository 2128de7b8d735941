using System.Text.Json;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;
using MetisBackup.Storage.Store;

namespace MetisBackup.Storage.Zfs;

/// <summary>
/// Makes a rollback that was killed recognisable, and able to go on or back: a file that is there from before the first change to after
/// the last one, written anew after every step.
/// </summary>
public sealed class RollbackJournal
{
    private readonly string _path;

    private RollbackJournal(string path, RollbackJournalEntry entry) => (_path, Entry) = (path, entry);

    /// <summary>What is written.</summary>
    public RollbackJournalEntry Entry { get; private set; }

    /// <summary>Writes down, durably, that the data set is about to change.</summary>
    /// <exception cref="MetisException">12, 17: as the disk says.</exception>
    public static RollbackJournal Begin(string statePath, RollbackJournalEntry entry)
    {
        var journal = new RollbackJournal(PathOf(statePath, entry.Dataset), entry);
        journal.Write(entry);
        return journal;
    }

    /// <summary>The journal of a run that did not end; null when there is none.</summary>
    /// <exception cref="MetisException">13: it cannot be read. 12: it may not be read.</exception>
    public static RollbackJournal? Find(string statePath, DatasetName dataset)
    {
        var path = PathOf(statePath, dataset.Value);
        try
        {
            if (!File.Exists(path))
            {
                return null;
            }

            var entry = JsonSerializer.Deserialize(File.ReadAllBytes(path), RollbackJournalJson.Default.RollbackJournalEntry);
            return entry is { Format: 1 } ? new RollbackJournal(path, entry) : throw new JsonException("unknown format");
        }
        catch (JsonException error)
        {
            throw new MetisException(
                ErrorCode.VerificationFailed, $"The journal of an unfinished rollback, {path}, cannot be read.", "look at the data sets with 'zfs list' and put the right one in place by hand, then remove the file", error);
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            throw StoreFault.Reading(error, path);
        }
    }

    /// <summary>Insists that no rollback of the data set is unfinished.</summary>
    /// <exception cref="MetisException">15: one is.</exception>
    public static void RequireNone(string statePath, DatasetName dataset)
    {
        if (Find(statePath, dataset) is { Entry: var entry })
        {
            throw new MetisException(
                ErrorCode.Refused,
                $"Data set {dataset} is between two states: a rollback to {entry.Snapshot} that began {entry.Started:yyyy-MM-dd HH:mm} UTC did not end.",
                "finish it with 'metis-backup dr rollback --resume', or take it back with 'metis-backup dr undo'");
        }
    }

    /// <summary>Changes the entry; the next step that is written down carries it to the disk.</summary>
    public void Note(RollbackJournalEntry entry) => Entry = entry;

    /// <summary>Writes down what has changed.</summary>
    /// <exception cref="MetisException">12, 17: as the disk says.</exception>
    public void Write(RollbackJournalEntry entry)
    {
        try
        {
            StoreFile.CreateDirectory(Path.GetDirectoryName(_path)!);
            StoreFile.Replace(_path, JsonSerializer.SerializeToUtf8Bytes(entry, RollbackJournalJson.Default.RollbackJournalEntry));
            DirectoryFlush.Flush(Path.GetDirectoryName(_path)!);
            Entry = entry;
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            throw StoreFault.Writing(error, _path);
        }
    }

    /// <summary>Everything is as it was meant to be.</summary>
    /// <exception cref="MetisException">12: as the disk says.</exception>
    public void Complete()
    {
        try
        {
            File.Delete(_path);
            DirectoryFlush.Flush(Path.GetDirectoryName(_path)!);
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            throw StoreFault.Writing(error, _path);
        }
    }

    private static string PathOf(string statePath, string dataset) => Path.Combine(statePath, "dr", CollectionFolder.NameOf(dataset) + ".rollback.json");
}
