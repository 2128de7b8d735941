using System.Collections.Concurrent;
using MetisBackup.Core.Revisions;
using SQLitePCL;

namespace MetisBackup.DevServer.Engine;

/// <summary>
/// One point in time of the whole server that stays readable: what a replication batch, a dump context or a streaming cursor holds.
/// </summary>
internal sealed class PinnedSnapshot : IDisposable
{
    private readonly ServerEngine _engine;
    private readonly SqlConnection _anchor;
    private readonly sqlite3_snapshot _snapshot;
    private readonly EngineState _state;
    private readonly ConcurrentDictionary<string, RevisionTree> _trees = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private int _readers;
    private bool _disposed;
    private bool _ended;

    internal PinnedSnapshot(ServerEngine engine, SqlConnection anchor, EngineState state)
    {
        _engine = engine;
        _anchor = anchor;
        _state = state;
        _snapshot = anchor.Snapshot();
    }

    public Catalog Catalog => _state.Catalog;

    /// <summary>Number of the last operation that the snapshot contains.</summary>
    public ulong Sequence => _state.Sequence;

    /// <summary>A reader of this snapshot for one thread; dispose it to give the connection back.</summary>
    /// <exception cref="ObjectDisposedException">The snapshot is gone.</exception>
    public ReadTransaction OpenReader()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _readers++;
        }

        var connection = _engine.RentReader();
        try
        {
            _engine.BeginRead(connection, _snapshot);
            return new ReadTransaction(connection, _state, Close);
        }
        catch
        {
            connection.Dispose();
            Leave();
            throw;
        }
    }

    /// <summary>Opens a reader, runs the work, closes it.</summary>
    public T Read<T>(Func<ReadTransaction, T> work)
    {
        using var reader = OpenReader();
        return work(reader);
    }

    /// <summary>The revision tree of a collection at this point in time; the caller must not change it.</summary>
    public RevisionTree Tree(CollectionInfo collection)
    {
        var state = _state.Collections.GetValueOrDefault(collection.Id) ?? CollectionState.New;
        if (state.Tree is not null)
        {
            return state.Tree;
        }

        return _trees.GetOrAdd(collection.Id, _ =>
        {
            var tree = Read(reader => reader.ComputeTree(collection));
            _engine.Remember(collection, state, tree);
            return tree;
        });
    }

    /// <summary>Whether the collection has been written to since.</summary>
    public bool IsOutdated(CollectionInfo collection) => _engine.ChangedAt(collection) > Sequence;

    /// <summary>Whether the collection has documents here, or had some once.</summary>
    public bool Knows(CollectionInfo collection) => _state.Collections.ContainsKey(collection.Id);

    /// <summary>Open readers stay valid; the point in time is released with the last of them.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            EndWhenUnused();
        }
    }

    private void Close(SqlConnection connection)
    {
        _engine.EndRead(connection);
        Leave();
    }

    private void Leave()
    {
        lock (_gate)
        {
            _readers--;
            EndWhenUnused();
        }
    }

    private void EndWhenUnused()
    {
        if (_disposed && _readers == 0 && !_ended)
        {
            _ended = true;
            _snapshot.Dispose();
            _engine.EndRead(_anchor);
        }
    }
}
