using SQLitePCL;

namespace MetisBackup.DevServer.Engine;

/// <summary>One prepared statement in use. Parameters count from 1, columns from 0. Disposing it gives it back to its connection.</summary>
internal sealed class SqlStatement : IDisposable
{
    private readonly SqlConnection _connection;
    private readonly sqlite3_stmt _handle;

    private readonly (SqlText Text, long Number)? _place;

    internal SqlStatement(SqlConnection connection, sqlite3_stmt handle, (SqlText Text, long Number)? place)
    {
        _connection = connection;
        _handle = handle;
        _place = place;
    }

    public SqlStatement Bind(int parameter, long value)
    {
        _connection.Check(raw.sqlite3_bind_int64(_handle, parameter, value));
        return this;
    }

    public SqlStatement BindText(int parameter, ReadOnlySpan<byte> utf8)
    {
        _connection.Check(raw.sqlite3_bind_text(_handle, parameter, utf8));
        return this;
    }

    public SqlStatement BindText(int parameter, string value)
    {
        _connection.Check(raw.sqlite3_bind_text(_handle, parameter, value));
        return this;
    }

    public SqlStatement BindBlob(int parameter, ReadOnlySpan<byte> value)
    {
        _connection.Check(raw.sqlite3_bind_blob(_handle, parameter, value));
        return this;
    }

    /// <summary>Moves to the next row; false behind the last.</summary>
    public bool Step()
    {
        var result = raw.sqlite3_step(_handle);
        if (result == raw.SQLITE_ROW)
        {
            return true;
        }

        if (result != raw.SQLITE_DONE)
        {
            raw.sqlite3_reset(_handle);
            _connection.Check(result);
        }

        return false;
    }

    /// <summary>Runs a statement without rows and makes it ready for the next run.</summary>
    public void Run()
    {
        Step();
        raw.sqlite3_reset(_handle);
    }

    /// <summary>As <see cref="Run"/>; false, with nothing changed, where a primary key is taken.</summary>
    public bool TryRun()
    {
        var result = raw.sqlite3_step(_handle);
        raw.sqlite3_reset(_handle);
        if (result == raw.SQLITE_CONSTRAINT)
        {
            return false;
        }

        if (result != raw.SQLITE_DONE)
        {
            _connection.Check(result);
        }

        return true;
    }

    public long Int64(int column) => raw.sqlite3_column_int64(_handle, column);

    public string Text(int column) => raw.sqlite3_column_text(_handle, column).utf8_to_string();

    /// <summary>The bytes of a text or blob, valid until the next step or reset.</summary>
    public ReadOnlySpan<byte> Bytes(int column) => raw.sqlite3_column_blob(_handle, column);

    public void Dispose()
    {
        if (_place is { } place)
        {
            raw.sqlite3_reset(_handle);
            _connection.Return(place, this);
        }
        else
        {
            _handle.Dispose();
        }
    }

    internal void Free() => _handle.Dispose();
}
