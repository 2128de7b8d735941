using SQLitePCL;

namespace MetisBackup.DevServer.Engine;

/// <summary>One SQLite connection, used by one thread at a time, with its prepared statements kept.</summary>
internal sealed class SqlConnection : IDisposable
{
    /// <summary>Bytes of a database page: large, because whole documents are read far more often than single ones are changed.</summary>
    public const int PageSize = 16_384;

    private const int KeptStatements = 400;

    /// <summary>SQLITE_CHECKPOINT_NOOP: only reports the size of the log.</summary>
    private const int ReportOnly = -1;

    /// <summary>SQLITE_CONFIG_MEMSTATUS: counting every allocation costs a lock each.</summary>
    private const int CountMemory = 9;

    private static readonly Lazy<bool> LibraryReady = new(static () =>
    {
        Batteries_V2.Init();
        return raw.sqlite3_config(CountMemory, 0) == raw.SQLITE_OK;
    });

    private readonly sqlite3 _handle;
    private readonly Dictionary<(SqlText Text, long Object), SqlStatement> _kept = [];

    private bool _closed;

    private SqlConnection(sqlite3 handle) => _handle = handle;

    /// <summary>Opens the file, creating it when it is missing.</summary>
    public static SqlConnection Open(string path, long cacheBytes)
    {
        _ = LibraryReady.Value;
        var flags = raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE | raw.SQLITE_OPEN_NOMUTEX;
        var result = raw.sqlite3_open_v2(path, out var handle, flags, null);
        var connection = new SqlConnection(handle);
        try
        {
            connection.Check(result);
            raw.sqlite3_busy_timeout(handle, 60_000);
            connection.Execute(
                $"PRAGMA page_size = {PageSize}; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0; "
                + $"PRAGMA cache_size = -{cacheBytes / 1024}; PRAGMA temp_store = MEMORY; PRAGMA journal_size_limit = 268435456");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Rows that the last statement inserted, updated or deleted.</summary>
    public int RowsChanged => raw.sqlite3_changes(_handle);

    public void Execute(string sql) => Check(raw.sqlite3_exec(_handle, sql));

    /// <summary>A statement for one use at a time; it is prepared once for each text and number, and kept.</summary>
    public SqlStatement Rent(SqlText text, long number = 0) =>
        _kept.Remove((text, number), out var statement) ? statement : Prepare(SqlTexts.For(text, number), (text, number));

    /// <summary>A statement that is not kept.</summary>
    public SqlStatement Prepare(string sql) => Prepare(sql, null);

    internal void Return((SqlText Text, long Number) place, SqlStatement statement)
    {
        if (_kept.Count >= KeptStatements)
        {
            foreach (var kept in _kept.Values)
            {
                kept.Free();
            }

            _kept.Clear();
        }

        if (_closed || !_kept.TryAdd(place, statement))
        {
            statement.Free();
        }
    }

    /// <summary>Starts a transaction that reads the last commit from now on.</summary>
    public void BeginRead()
    {
        Execute("BEGIN");
        TouchSnapshot();
    }

    /// <summary>The snapshot of the running read transaction; it must stay open as long as the result is used.</summary>
    public sqlite3_snapshot Snapshot()
    {
        Check(raw.sqlite3_snapshot_get(_handle, "main", out var snapshot));
        return snapshot;
    }

    /// <summary>Starts a transaction that reads an older commit, which another connection keeps alive.</summary>
    public void BeginRead(sqlite3_snapshot snapshot)
    {
        Execute("BEGIN");
        Check(raw.sqlite3_snapshot_open(_handle, "main", snapshot));
        TouchSnapshot();
    }

    /// <summary>Copies finished commits from the log into the database as far as readers allow.</summary>
    public void Checkpoint() =>
        Check(raw.sqlite3_wal_checkpoint_v2(_handle, "main", raw.SQLITE_CHECKPOINT_PASSIVE, out _, out _));

    /// <summary>Pages in the log, moved into the database or not.</summary>
    public int LogFrames()
    {
        Check(raw.sqlite3_wal_checkpoint_v2(_handle, "main", ReportOnly, out var frames, out _));
        return frames;
    }

    /// <summary>Ends the running transaction without a trace; nothing happens where none runs.</summary>
    public void RollBack()
    {
        if (raw.sqlite3_get_autocommit(_handle) == 0)
        {
            Execute("ROLLBACK");
        }
    }

    /// <summary>Turns a result code into an exception.</summary>
    /// <exception cref="StorageException">The storage failed; the transaction must be given up.</exception>
    internal void Check(int result)
    {
        if (result is not raw.SQLITE_OK)
        {
            throw new StorageException($"storage error {result}: {raw.sqlite3_errmsg(_handle).utf8_to_string()}");
        }
    }

    public void Dispose()
    {
        _closed = true;
        foreach (var statement in _kept.Values)
        {
            statement.Free();
        }

        _kept.Clear();
        _handle.Dispose();
    }

    private void TouchSnapshot()
    {
        using var statement = Rent(SqlText.ReadServer);
        statement.Step();
    }

    private SqlStatement Prepare(string sql, (SqlText Text, long Number)? place)
    {
        Check(raw.sqlite3_prepare_v3(_handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out var statement));
        return new SqlStatement(this, statement, place);
    }
}
