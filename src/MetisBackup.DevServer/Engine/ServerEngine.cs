using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;

namespace MetisBackup.DevServer.Engine;

/// <summary>
/// The storage of the whole server in one directory: transactional, durable at every commit (a killed process loses nothing
/// acknowledged), one writer at a time, any number of readers on consistent snapshots.
/// </summary>
internal sealed partial class ServerEngine : IDisposable
{
    private const long WriterCache = 128L << 20;
    private const long ReaderCache = 16L << 20;
    private const long CheckpointAt = 96L << 20;
    private const int KeptReaders = 16;

    /// <summary>Room left above the persisted counter at a start, for ids that were handed out but not committed.</summary>
    private const ulong TickGap = 1024;

    private readonly string _path;
    private readonly SqlConnection _writer;
    private readonly FileStream _directoryLock;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly Lock _commitGate = new();
    private readonly Lock _checkpointGate = new();
    private readonly ConcurrentBag<SqlConnection> _readers = [];
    private EngineState _state;
    private ulong _tick;
    private int _framesAtCheckpoint;
    private bool _syncing;
    private bool _disposed;

    private ServerEngine(string path, TimeProvider time, SqlConnection writer, FileStream directoryLock)
    {
        _directoryLock = directoryLock;
        _path = path;
        _writer = writer;
        Time = time;
        _state = EngineLoader.Load(writer);
        using var server = writer.Rent(SqlText.ReadServer);
        server.Step();
        ServerNumber = server.Int64(0);
        _tick = RecordNumber.FromStored(server.Int64(1)) + TickGap;
        Clock = new HybridClock(time, RecordNumber.FromStored(server.Int64(2)));
        Log = new OperationLog(_state.Sequence);
    }

    public TimeProvider Time { get; }

    /// <summary>Issues revision ids; <see cref="HybridClock.Observe"/> takes the stamps of x-arango-hlc.</summary>
    public HybridClock Clock { get; }

    /// <summary>The last operations.</summary>
    public OperationLog Log { get; }

    /// <summary>Finds edges by their ends.</summary>
    public EdgeIndexes Edges { get; } = new();

    /// <summary>The stable numeric identity of this data directory, as decimal text.</summary>
    public string ServerId => ServerNumber.ToString(CultureInfo.InvariantCulture);

    /// <summary>The definitions as of the last commit.</summary>
    public Catalog Catalog => _state.Catalog;

    /// <summary>Number of the last committed operation: the tick of the write-ahead log.</summary>
    public ulong Sequence => _state.Sequence;

    internal long ServerNumber { get; }

    /// <summary>
    /// Opens or creates the data directory. A new one has the database <c>_system</c> with its collections; the collection
    /// <c>_users</c> is empty.
    /// </summary>
    /// <exception cref="IOException">The directory cannot be used, or another server uses it.</exception>
    public static ServerEngine Open(string directory, TimeProvider time)
    {
        try
        {
            CreatePrivate(directory);
            var directoryLock = new FileStream(Path.Combine(directory, "LOCK"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return OpenLocked(directory, time, directoryLock);
        }
        catch (Exception cause) when (cause is StorageException or UnauthorizedAccessException)
        {
            throw new IOException($"The data directory {directory} cannot be used: {cause.Message}", cause);
        }
    }

    /// <summary>A fresh id of the server-wide counter, as decimal text.</summary>
    public string NewTick() => Interlocked.Increment(ref _tick).ToString(CultureInfo.InvariantCulture);

    /// <summary>Runs the work on a consistent snapshot of the last commit.</summary>
    public T Read<T>(Func<ReadTransaction, T> work)
    {
        using var transaction = BeginRead();
        return work(transaction);
    }

    /// <summary>A reader of the last commit for one thread; dispose it to give the connection back.</summary>
    public ReadTransaction BeginRead()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var connection = RentReader();
        try
        {
            lock (_commitGate)
            {
                connection.BeginRead();
                return new ReadTransaction(connection, _state, EndRead);
            }
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Runs the work as the only writer and commits when it returns; an exception rolls back documents, definitions, trees and counts.
    /// </summary>
    public T Write<T>(Func<WriteTransaction, T> work, bool waitForSync = false)
    {
        using var transaction = BeginWrite(waitForSync);
        var result = work(transaction);
        transaction.Commit();
        return result;
    }

    /// <inheritdoc cref="Write{T}"/>
    public void Write(Action<WriteTransaction> work, bool waitForSync = false)
    {
        using var transaction = BeginWrite(waitForSync);
        work(transaction);
        transaction.Commit();
    }

    /// <summary>A write transaction that the caller commits or disposes; all other writers wait meanwhile.</summary>
    public WriteTransaction BeginWrite(bool waitForSync = false)
    {
        _writing.Wait();
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_syncing != waitForSync)
            {
                _writer.Execute(waitForSync ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
                _syncing = waitForSync;
            }

            _writer.Execute("BEGIN IMMEDIATE");
            return new WriteTransaction(this, _writer, _state);
        }
        catch
        {
            _writing.Release();
            throw;
        }
    }

    /// <summary>A snapshot of the last commit that lives until it is disposed and may be read by several threads.</summary>
    public PinnedSnapshot Pin()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var anchor = RentReader();
        try
        {
            // outside a checkpoint the log always has a commit that the database lacks, which keeps the log from being restarted
            lock (_checkpointGate)
            {
                lock (_commitGate)
                {
                    anchor.BeginRead();
                    return new PinnedSnapshot(this, anchor, _state);
                }
            }
        }
        catch
        {
            anchor.Dispose();
            throw;
        }
    }

    /// <summary>Makes every commit so far survive a power cut.</summary>
    public void Flush() => Write(static _ => { }, waitForSync: true);

    public void Dispose()
    {
        _writing.Wait();
        try
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            foreach (var reader in _readers)
            {
                reader.Dispose();
            }

            _writer.Dispose();
            _directoryLock.Dispose();
        }
        finally
        {
            _writing.Release();
            _writing.Dispose();
        }
    }

    private static ServerEngine OpenLocked(string directory, TimeProvider time, FileStream directoryLock)
    {
        SqlConnection? writer = null;
        try
        {
            var path = Path.Combine(directory, "server.db");
            writer = SqlConnection.Open(path, WriterCache);
            writer.Execute(SqlTexts.Schema);
            var number = RandomNumberGenerator.GetInt32(1, int.MaxValue) * 65_536L;
            writer.Execute($"INSERT OR IGNORE INTO server (id, server_id, tick, clock, sequence) VALUES (1, {number}, {RecordNumber.ToStored(100)}, {RecordNumber.ToStored(0)}, {RecordNumber.ToStored(0)})");
            var engine = new ServerEngine(path, time, writer, directoryLock);
            engine.Write(transaction =>
            {
                if (!transaction.Catalog.Databases.ContainsKey("_system"))
                {
                    transaction.CreateDatabase("_system", CollectionDefaults.NoProperties);
                }
            });
            return engine;
        }
        catch
        {
            writer?.Dispose();
            directoryLock.Dispose();
            throw;
        }
    }
}
