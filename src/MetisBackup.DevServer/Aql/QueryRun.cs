using System.Buffers;
using System.Diagnostics;
using System.Text.Json;
using MetisBackup.DevServer.Engine;

namespace MetisBackup.DevServer.Aql;

/// <summary>
/// One run of a query. Unless it streams, it has finished when it exists, and its rows wait in a spool; a streaming run holds a snapshot
/// and computes rows as they are read.
/// </summary>
internal sealed class QueryRun : IDisposable
{
    private readonly QueryContext _context;
    private readonly ResultSpool? _spool;
    private readonly PinnedSnapshot? _snapshot;
    private readonly IEnumerator<AqlValue>? _rows;
    private readonly CancellationTokenSource _deadline;
    private bool _hasRow;

    private QueryRun(QueryContext context, CancellationTokenSource deadline, ResultSpool spool)
    {
        _context = context;
        _deadline = deadline;
        _spool = spool;
    }

    private QueryRun(QueryContext context, CancellationTokenSource deadline, PinnedSnapshot snapshot)
    {
        _context = context;
        _deadline = deadline;
        _snapshot = snapshot;
        _rows = new QueryExecutor(context).Run().GetEnumerator();
        _hasRow = MoveNext();
    }

    public bool HasMore => _spool is { } spool ? !spool.IsAtEnd : _hasRow;

    /// <summary>The total number of rows; null while it is not known.</summary>
    public long? Count => _spool?.Count;

    /// <summary>Everything that can be told about the run is known.</summary>
    public bool IsComplete => _spool is not null || !_hasRow;

    /// <summary>A run that has ended; its rows are in the spool.</summary>
    public static QueryRun Finished(QueryContext context, CancellationTokenSource deadline, ResultSpool spool) => new(context, deadline, spool);

    /// <summary>A run that computes rows while they are read; it owns the snapshot and the reader of the context.</summary>
    public static QueryRun Streaming(QueryContext context, CancellationTokenSource deadline, PinnedSnapshot snapshot) => new(context, deadline, snapshot);

    /// <summary>Appends the next row to the output.</summary>
    public void ReadNext(IBufferWriter<byte> output)
    {
        if (_spool is { } spool)
        {
            spool.ReadNext(output);
            return;
        }

        AqlJson.Write(output, _rows!.Current);
        _hasRow = MoveNext();
    }

    /// <summary>Writes the object <c>extra</c>.</summary>
    public void WriteExtra(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        WarningsJson.Write(writer, _context.Warnings);
        writer.WriteStartObject("stats"u8);
        _context.Statistics.WriteProperties(writer, _context.FullCount);
        ProfileJson.WriteNodes(writer, _context);
        writer.WriteEndObject();
        ProfileJson.Write(writer, _context);
        writer.WriteEndObject();
    }

    public void Dispose()
    {
        _rows?.Dispose();
        _spool?.Dispose();
        if (_snapshot is not null)
        {
            _context.Reader.Dispose();
            _snapshot.Dispose();
        }

        _deadline.Dispose();
    }

    private bool MoveNext()
    {
        var started = Stopwatch.GetTimestamp();
        var more = _rows!.MoveNext();
        _context.Statistics.ExecutionTime += Stopwatch.GetElapsedTime(started);
        return more;
    }
}
