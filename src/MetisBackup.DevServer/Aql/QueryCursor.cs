using System.Buffers;
using System.Text.Json;
using MetisBackup.DevServer.Engine;

namespace MetisBackup.DevServer.Aql;

/// <summary>The answers of one query: batches, one after the other. Used by one thread at a time.</summary>
internal sealed class QueryCursor : IDisposable
{
    private readonly QueryRequest _request;
    private readonly QueryRun _run;
    private ReadOnlyMemory<byte> _lastBatch;
    private int _batch;

    public QueryCursor(string id, QueryRequest request, QueryRun run)
    {
        Id = id;
        _request = request;
        _run = run;
    }

    /// <summary>Decimal text, unique in the server.</summary>
    public string Id { get; }

    public string Database => _request.Database;

    public TimeSpan TimeToLive => _request.TimeToLive;

    /// <summary>All rows were read, and the client cannot ask for the last ones again.</summary>
    public bool IsFinished => !_run.HasMore && !_request.Options.AllowRetry;

    /// <summary>When the cursor may be forgotten.</summary>
    public DateTimeOffset Expires { get; set; }

    public bool HasMore => _run.HasMore;

    /// <summary>The answer with the next batch of rows.</summary>
    /// <exception cref="ArangoException">404/E1600 when there is none.</exception>
    public ReadOnlyMemory<byte> NextBatch(int status)
    {
        if (_batch > 0 && !_run.HasMore)
        {
            throw ArangoErrors.CursorNotFound();
        }

        _batch++;
        var buffer = new ArrayBufferWriter<byte>();
        Write(buffer, status);
        _lastBatch = _request.Options.AllowRetry ? buffer.WrittenMemory : default;
        return buffer.WrittenMemory;
    }

    /// <summary>The answer with the batch of this number: the next one, or the last one once more.</summary>
    /// <exception cref="ArangoException">404/E1600 for every other number.</exception>
    public ReadOnlyMemory<byte> Batch(string number, int status)
    {
        if (number == Number(_batch) && !_lastBatch.IsEmpty)
        {
            return _lastBatch;
        }

        return number == Number(_batch + 1) ? NextBatch(status) : throw ArangoErrors.CursorNotFound();
    }

    public void Dispose() => _run.Dispose();

    private static string Number(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private void Write(ArrayBufferWriter<byte> output, int status)
    {
        output.Write("{\"result\":["u8);
        for (var i = 0; i < _request.BatchSize && _run.HasMore; i++)
        {
            if (i > 0)
            {
                output.Write(","u8);
            }

            _run.ReadNext(output);
        }

        output.Write("],"u8);
        using var tail = new MemoryStream();
        using (var writer = new Utf8JsonWriter(tail, AqlJson.WriterOptions))
        {
            writer.WriteStartObject();
            WriteTail(writer, status);
            writer.WriteEndObject();
        }

        output.Write(tail.GetBuffer().AsSpan(1, (int)tail.Length - 1));
    }

    private void WriteTail(Utf8JsonWriter writer, int status)
    {
        var hasMore = _run.HasMore;
        writer.WriteBoolean("hasMore"u8, hasMore);
        if (hasMore || _request.Options.AllowRetry)
        {
            writer.WriteString("id"u8, Id);
        }

        if (hasMore)
        {
            writer.WriteString("nextBatchId"u8, Number(_batch + 1));
        }

        if (_request.Count && _run.Count is { } count)
        {
            writer.WriteNumber("count"u8, count);
        }

        writer.WriteBoolean("cached"u8, false);
        if (_run.IsComplete)
        {
            writer.WritePropertyName("extra"u8);
            _run.WriteExtra(writer);
        }

        writer.WriteBoolean("error"u8, false);
        writer.WriteNumber("code"u8, status);
    }
}
