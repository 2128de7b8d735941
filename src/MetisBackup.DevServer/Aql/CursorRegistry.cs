using System.Collections.Concurrent;
using MetisBackup.DevServer.Engine;

namespace MetisBackup.DevServer.Aql;

/// <summary>The open cursors of the server; idle ones are forgotten when their time has passed.</summary>
internal sealed class CursorRegistry : IDisposable
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, QueryCursor> _cursors = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;
    private readonly ITimer _sweep;

    public CursorRegistry(TimeProvider time)
    {
        _time = time;
        _sweep = time.CreateTimer(_ => RemoveExpired(), null, SweepInterval, SweepInterval);
    }

    /// <summary>Keeps a cursor that has more to give.</summary>
    public void Add(QueryCursor cursor)
    {
        cursor.Expires = _time.GetUtcNow() + cursor.TimeToLive;
        _cursors[cursor.Id] = cursor;
    }

    /// <summary>Uses a cursor and forgets it when it is finished.</summary>
    /// <exception cref="ArangoException">404/E1600: no such cursor in this database; 409/E1601: another request uses it.</exception>
    public ReadOnlyMemory<byte> Use(string database, string id, Func<QueryCursor, ReadOnlyMemory<byte>> use)
    {
        var cursor = Find(database, id);
        if (!Monitor.TryEnter(cursor))
        {
            throw new ArangoException(409, 1601, "cursor is busy");
        }

        try
        {
            cursor.Expires = _time.GetUtcNow() + cursor.TimeToLive;
            var answer = use(cursor);
            if (cursor.IsFinished && _cursors.TryRemove(id, out _))
            {
                cursor.Dispose();
            }

            return answer;
        }
        finally
        {
            Monitor.Exit(cursor);
        }
    }

    /// <summary>Closes a cursor before its end.</summary>
    /// <exception cref="ArangoException">404/E1600: no such cursor in this database.</exception>
    public void Remove(string database, string id)
    {
        var cursor = Find(database, id);
        if (_cursors.TryRemove(id, out _))
        {
            Close(cursor);
        }
    }

    public void Dispose()
    {
        _sweep.Dispose();
        foreach (var cursor in _cursors.Values)
        {
            Close(cursor);
        }

        _cursors.Clear();
    }

    private QueryCursor Find(string database, string id) =>
        _cursors.TryGetValue(id, out var cursor) && cursor.Database == database && cursor.Expires > _time.GetUtcNow()
            ? cursor
            : throw ArangoErrors.CursorNotFound();

    private void RemoveExpired()
    {
        var now = _time.GetUtcNow();
        foreach (var cursor in _cursors.Values.Where(cursor => cursor.Expires <= now))
        {
            if (_cursors.TryRemove(cursor.Id, out _))
            {
                Close(cursor);
            }
        }
    }

    private static void Close(QueryCursor cursor)
    {
        lock (cursor)
        {
            cursor.Dispose();
        }
    }
}
