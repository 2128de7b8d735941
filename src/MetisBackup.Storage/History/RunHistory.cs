using MetisBackup.Core.Errors;
using Microsoft.Data.Sqlite;

namespace MetisBackup.Storage.History;

/// <summary>
/// What ran, when, and how it ended: one SQLite file that several processes use at once. It is a memory, not the truth about the recovery
/// points: whether a point exists is asked of the store and of ZFS.
/// </summary>
public sealed partial class RunHistory : IDisposable
{
    private const int SecondsToWaitForOthers = 10;
    private const int FormatVersion = 1;
    private const int DiedCode = (int)ErrorCode.Unexpected;

    private const string Format =
        """
        CREATE TABLE IF NOT EXISTS runs (
            id INTEGER PRIMARY KEY AUTOINCREMENT, series TEXT NOT NULL, operation TEXT NOT NULL, cause INTEGER NOT NULL, started INTEGER NOT NULL,
            ended INTEGER, exit_code INTEGER, point TEXT, bytes INTEGER, new_bytes INTEGER, message TEXT, process TEXT NOT NULL) STRICT;
        CREATE INDEX IF NOT EXISTS runs_by_series ON runs (series, operation, id);
        CREATE INDEX IF NOT EXISTS runs_open ON runs (id) WHERE ended IS NULL;
        CREATE TABLE IF NOT EXISTS jobs (name TEXT PRIMARY KEY, due INTEGER NOT NULL) STRICT;
        CREATE TABLE IF NOT EXISTS alarms (series TEXT NOT NULL, trouble TEXT NOT NULL, since INTEGER NOT NULL, told INTEGER, PRIMARY KEY (series, trouble)) STRICT;
        CREATE TABLE IF NOT EXISTS space (place TEXT NOT NULL, at INTEGER NOT NULL, free INTEGER NOT NULL, PRIMARY KEY (place, at)) STRICT, WITHOUT ROWID;
        """;

    private const string Columns = "SELECT id, series, operation, cause, started, ended, exit_code, point, bytes, new_bytes, message FROM runs";

    private readonly SqliteConnection _connection;
    private readonly string _path;

    private RunHistory(SqliteConnection connection, string path)
    {
        _connection = connection;
        _path = path;
    }

    /// <summary>Opens a history, made when missing, and closes the runs of processes that died.</summary>
    /// <param name="path">The file; its folder is made when missing.</param>
    /// <param name="clock">Tells when the dead were found.</param>
    /// <exception cref="MetisException">12, 17: as the disk says. 1: the file is no history, a newer version wrote it, or SQLite's library is missing.</exception>
    public static RunHistory Open(string path, TimeProvider clock)
    {
        HistoryFile.Prepare(path);
        HistoryFile.RequireLibrary();
#pragma warning disable CA2000 // belongs to the history
        var history = new RunHistory(new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = SecondsToWaitForOthers, Pooling = false }.ToString()), path);
#pragma warning restore CA2000
        try
        {
            history.Arrange();
            history.CloseDead(clock.GetUtcNow());
            return history;
        }
        catch
        {
            history.Dispose();
            throw;
        }
    }

    /// <summary>Makes sure that SQLite, which is a library of its own beside the program, can be used.</summary>
    /// <exception cref="MetisException">1: it is missing or cannot be loaded.</exception>
    public static void RequireLibrary() => HistoryFile.RequireLibrary();

    /// <summary>The first fault of the file; null when it is sound.</summary>
    public string? FindDamage() => Guarded(() =>
    {
        using var command = Command("PRAGMA quick_check(1)");
        return command.ExecuteScalar() is string and not "ok" and var fault ? fault : null;
    });

    /// <summary>Writes down that a run begins.</summary>
    /// <returns>Its number.</returns>
    public long Begin(RunStart start) => Guarded(() =>
    {
        using var command = Command(
            "INSERT INTO runs (series, operation, cause, started, process) VALUES ($series, $operation, $cause, $started, $process) RETURNING id",
            ("$series", start.Series), ("$operation", start.Operation), ("$cause", (long)start.Cause), ("$started", start.Started.ToUnixTimeMilliseconds()), ("$process", ProcessIdentity.Own));
        return (long)command.ExecuteScalar()!;
    });

    /// <summary>Writes down how it ended.</summary>
    public void Finish(long id, RunEnd end) => Guarded(() =>
    {
        using var command = Command(
            "UPDATE runs SET ended = $ended, exit_code = $code, point = $point, bytes = $bytes, new_bytes = $new, message = $message WHERE id = $id",
            ("$id", id), ("$ended", end.Ended.ToUnixTimeMilliseconds()), ("$code", end.ExitCode), ("$point", end.Point), ("$bytes", end.Bytes), ("$new", end.NewBytes), ("$message", end.Message));
        return command.ExecuteNonQuery();
    });

    /// <summary>The runs of a series, newest first.</summary>
    /// <param name="series">The series; null for all.</param>
    /// <param name="operation">The operation; null for all.</param>
    /// <param name="limit">At most so many.</param>
    public IReadOnlyList<RunRecord> Newest(string? series, string? operation, int limit) => Guarded(() =>
    {
        using var command = Command(
            $"{Columns} WHERE ($series IS NULL OR series = $series) AND ($operation IS NULL OR operation = $operation) ORDER BY id DESC LIMIT $limit",
            ("$series", series), ("$operation", operation), ("$limit", (long)limit));
        using var reader = command.ExecuteReader();
        var records = new List<RunRecord>();
        while (reader.Read())
        {
            records.Add(RecordOf(reader));
        }

        return records;
    });

    /// <summary>The last time a job was due that has been dealt with; null for a job that is new.</summary>
    public DateTimeOffset? LastDue(string job) => Guarded(() =>
    {
        using var command = Command("SELECT due FROM jobs WHERE name = $name", ("$name", job));
        return command.ExecuteScalar() is long due ? DateTimeOffset.FromUnixTimeMilliseconds(due) : (DateTimeOffset?)null;
    });

    /// <summary>Remembers that a job's due time has been dealt with.</summary>
    public void SetLastDue(string job, DateTimeOffset due) => Guarded(() =>
    {
        using var command = Command("INSERT INTO jobs (name, due) VALUES ($name, $due) ON CONFLICT (name) DO UPDATE SET due = $due", ("$name", job), ("$due", due.ToUnixTimeMilliseconds()));
        return command.ExecuteNonQuery();
    });

    /// <summary>Forgets ended runs that are older, and keeps the newest of each series and operation.</summary>
    /// <returns>How many were forgotten.</returns>
    public int Forget(DateTimeOffset before) => Guarded(() =>
    {
        using var command = Command(
            "DELETE FROM runs WHERE ended < $before AND id NOT IN (SELECT max(id) FROM runs GROUP BY series, operation)", ("$before", before.ToUnixTimeMilliseconds()));
        return command.ExecuteNonQuery();
    });

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    private void Arrange() => Guarded(() =>
    {
        _connection.Open();
        using (var version = Command("PRAGMA user_version"))
        {
            if ((long)version.ExecuteScalar()! > FormatVersion)
            {
                throw new MetisException(ErrorCode.Unexpected, $"The history '{_path}' was written by a newer version.", "update metis-backup");
            }
        }

        using var arrange = Command($"PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; {Format} PRAGMA user_version = {FormatVersion}");
        return arrange.ExecuteNonQuery();
    });

    private void CloseDead(DateTimeOffset now) => Guarded(() =>
    {
        var dead = new List<long>();
        using (var open = Command("SELECT id, process FROM runs WHERE ended IS NULL"))
        using (var reader = open.ExecuteReader())
        {
            while (reader.Read())
            {
                if (!ProcessIdentity.IsAlive(reader.GetString(1)))
                {
                    dead.Add(reader.GetInt64(0));
                }
            }
        }

        foreach (var id in dead)
        {
            using var close = Command(
                "UPDATE runs SET ended = $now, exit_code = $code, message = $message WHERE id = $id AND ended IS NULL",
                ("$id", id), ("$now", now.ToUnixTimeMilliseconds()), ("$code", (long)DiedCode), ("$message", "The process of this run died."));
            close.ExecuteNonQuery();
        }

        return dead.Count;
    });

    private SqliteCommand Command(string text, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = _connection.CreateCommand();
#pragma warning disable CA2100 // every text is a constant of this file
        command.CommandText = text;
#pragma warning restore CA2100
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }

        return command;
    }

    private T Guarded<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException error)
        {
            throw HistoryFile.Fault(error, _path);
        }
    }

    private static RunRecord RecordOf(SqliteDataReader row) => new(
        row.GetInt64(0),
        new RunStart(row.GetString(1), row.GetString(2), (RunCause)row.GetInt64(3), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4))),
        row.IsDBNull(5) ? null : new RunEnd(DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(5)), row.GetInt32(6))
        {
            Point = row.IsDBNull(7) ? null : row.GetString(7),
            Bytes = row.IsDBNull(8) ? null : row.GetInt64(8),
            NewBytes = row.IsDBNull(9) ? null : row.GetInt64(9),
            Message = row.IsDBNull(10) ? null : row.GetString(10),
        });
}
