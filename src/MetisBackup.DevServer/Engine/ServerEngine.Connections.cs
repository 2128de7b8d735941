using MetisBackup.Core.Revisions;
using SQLitePCL;

namespace MetisBackup.DevServer.Engine;

/// <content>How transactions begin and end.</content>
internal sealed partial class ServerEngine
{
    internal SqlConnection RentReader() => _readers.TryTake(out var reader) ? reader : SqlConnection.Open(_path, ReaderCache);

    /// <summary>Starts to read an older commit. SQLite cannot while the log is being moved into the database, and would poll; this waits.</summary>
    internal void BeginRead(SqlConnection connection, sqlite3_snapshot snapshot)
    {
        lock (_checkpointGate)
        {
            connection.BeginRead(snapshot);
        }
    }

    internal void EndRead(SqlConnection connection)
    {
        connection.RollBack();
        if (_disposed || _readers.Count >= KeptReaders)
        {
            connection.Dispose();
        }
        else
        {
            _readers.Add(connection);
        }
    }

    /// <summary>Writes the server-wide counters into the running transaction.</summary>
    internal void WriteServer(ulong sequence)
    {
        using var statement = _writer.Rent(SqlText.WriteServer);
        statement
            .Bind(1, RecordNumber.ToStored(Volatile.Read(ref _tick)))
            .Bind(2, RecordNumber.ToStored(Clock.Last))
            .Bind(3, RecordNumber.ToStored(sequence))
            .Run();
    }

    /// <summary>Commits and swaps the state, so that no reader sees one without the other.</summary>
    internal void Publish(EngineState state, OperationLog operations)
    {
        lock (_commitGate)
        {
            _writer.Execute("COMMIT");
            _state = state;
            Log.Add(operations);
        }
    }

    internal void EndWrite(bool rollBack)
    {
        try
        {
            if (rollBack)
            {
                _writer.RollBack();
            }
            else
            {
                CheckpointWhenLarge();
            }
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Keeps a tree that was built for a reader, unless the collection has changed since.</summary>
    internal void Remember(CollectionInfo collection, CollectionState seen, RevisionTree tree)
    {
        lock (_commitGate)
        {
            if (_state.Collections.TryGetValue(collection.Id, out var current) && ReferenceEquals(current, seen))
            {
                _state = _state with { Collections = _state.Collections.SetItem(collection.Id, current with { Tree = tree }) };
            }
        }
    }

    internal ulong ChangedAt(CollectionInfo collection) => _state.Collections.GetValueOrDefault(collection.Id)?.ChangedAt ?? 0;

    private static void CreatePrivate(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(directory);
        }
        else
        {
            Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>
    /// Moves the log into the database when it has grown. The small commit behind it keeps the rule of <see cref="Pin"/>: the log always
    /// ends with something that the database lacks.
    /// </summary>
    private void CheckpointWhenLarge()
    {
        var frames = _writer.LogFrames();
        _framesAtCheckpoint = Math.Min(_framesAtCheckpoint, frames);
        if (frames - _framesAtCheckpoint < CheckpointAt / SqlConnection.PageSize)
        {
            return;
        }

        try
        {
            lock (_checkpointGate)
            {
                _writer.Checkpoint();
                _writer.Execute("BEGIN IMMEDIATE");
                WriteServer(_state.Sequence);
                _writer.Execute("COMMIT");
            }

            _framesAtCheckpoint = _writer.LogFrames();
        }
        catch (StorageException)
        {
            // the commit before it stands; the log stays longer, and the next commit that cannot be stored says why
            _writer.RollBack();
        }
    }
}
