namespace MetisBackup.DevServer.Engine;

/// <summary>
/// The storage of the whole server in one directory: transactional, durable at every commit (a killed process loses nothing
/// acknowledged), one writer at a time, any number of readers on consistent snapshots.
/// </summary>
internal sealed class ServerEngine : IDisposable
{
    private ServerEngine(TimeProvider time)
    {
        Time = time;
        Clock = new HybridClock(time, 0);
    }

    public TimeProvider Time { get; }

    /// <summary>Issues revision ids; <see cref="HybridClock.Observe"/> takes the stamps of x-arango-hlc.</summary>
    public HybridClock Clock { get; }

    /// <summary>The stable numeric identity of this data directory, as decimal text.</summary>
    public string ServerId => throw new NotImplementedException();

    /// <summary>The definitions as of the last commit.</summary>
    public Catalog Catalog => throw new NotImplementedException();

    /// <summary>Number of the last committed operation: the tick of the write-ahead log.</summary>
    public ulong Sequence => throw new NotImplementedException();

    /// <summary>
    /// Opens or creates the data directory. A new one has the database <c>_system</c> with its collections; the collection
    /// <c>_users</c> is empty.
    /// </summary>
    public static ServerEngine Open(string directory, TimeProvider time) => new(time);

    /// <summary>A fresh id of the server-wide counter, as decimal text.</summary>
    public string NewTick() => throw new NotImplementedException();

    /// <summary>Runs the work on a consistent snapshot of the last commit.</summary>
    public T Read<T>(Func<ReadTransaction, T> work) => throw new NotImplementedException();

    /// <summary>
    /// Runs the work as the only writer and commits when it returns; an exception rolls back documents, definitions, trees and counts.
    /// </summary>
    public T Write<T>(Func<WriteTransaction, T> work, bool waitForSync = false) => throw new NotImplementedException();

    /// <inheritdoc cref="Write{T}"/>
    public void Write(Action<WriteTransaction> work, bool waitForSync = false) => throw new NotImplementedException();

    /// <summary>A write transaction that the caller commits or disposes; all other writers wait meanwhile.</summary>
    public WriteTransaction BeginWrite(bool waitForSync = false) => throw new NotImplementedException();

    /// <summary>A snapshot of the last commit that lives until it is disposed and may be read by several threads.</summary>
    public PinnedSnapshot Pin() => throw new NotImplementedException();

    /// <summary>Makes every commit so far survive a power cut.</summary>
    public void Flush() => throw new NotImplementedException();

    public void Dispose() => throw new NotImplementedException();
}
