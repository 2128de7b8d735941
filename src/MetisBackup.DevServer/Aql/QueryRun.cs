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

    /// <summary>Runs a prepared query.</summary>
    /// <param name="engine">The storage.</param>
    /// <param name="query">The query; its parameters and collections were checked.</param>
    /// <param name="request">How it was asked.</param>
    /// <param name="spoolDirectory">Where rows wait that do not fit in memory.</param>
    /// <param name="cancellationToken">Kills the query.</param>
    /// <exception cref="ArangoException">Whatever the query fails with; 410/E1500 when it was killed or ran too long.</exception>
    public static QueryRun Start(
        ServerEngine engine, ParsedQuery query, QueryRequest request, string spoolDirectory, CancellationToken cancellationToken)
    {
        var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (request.Options.MaxRuntime > 0)
        {
            deadline.CancelAfter(TimeSpan.FromSeconds(request.Options.MaxRuntime));
        }

        try
        {
            var environment = new QueryEnvironment(request.Database, engine.Time, request.Options);
            return request.Options.Stream && !query.IsModification
                ? StartStream(engine, query, request, environment, deadline)
                : new Execution(engine, query, request, environment).Run(spoolDirectory, deadline);
        }
        catch (OperationCanceledException)
        {
            throw new ArangoException(410, 1500, "query killed");
        }
        catch (ArangoException e) when (!e.Message.StartsWith("AQL: ", StringComparison.Ordinal))
        {
            throw new ArangoException(e.Status, e.ErrorNumber, $"AQL: {e.Message} (while executing)");
        }
    }

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

    private static QueryRun StartStream(
        ServerEngine engine, ParsedQuery query, QueryRequest request, QueryEnvironment environment, CancellationTokenSource deadline)
    {
        var snapshot = engine.Pin();
        var context = new QueryContext(query, environment, request.Parameters) { Reader = snapshot.OpenReader(), CancellationToken = deadline.Token };
        return new QueryRun(context, deadline, snapshot);
    }

    private bool MoveNext()
    {
        var started = Stopwatch.GetTimestamp();
        var more = _rows!.MoveNext();
        _context.Statistics.ExecutionTime += Stopwatch.GetElapsedTime(started);
        return more;
    }

    /// <summary>A run to the end: changes are committed before the first row is answered.</summary>
    private sealed class Execution(ServerEngine engine, ParsedQuery query, QueryRequest request, QueryEnvironment environment)
    {
        public QueryRun Run(string spoolDirectory, CancellationTokenSource deadline)
        {
            using var writer = query.IsModification ? engine.BeginWrite() : null;
            using var snapshot = engine.Pin();
            using var reader = snapshot.OpenReader();
            var context = new QueryContext(query, environment, request.Parameters) { Reader = reader, Writer = writer, CancellationToken = deadline.Token };
            var started = Stopwatch.GetTimestamp();
            var spool = new ResultSpool(spoolDirectory);
            try
            {
                foreach (var row in new QueryExecutor(context).Run())
                {
                    spool.Add(row);
                }

                writer?.Commit();
                spool.Complete();
            }
            catch
            {
                spool.Dispose();
                throw;
            }

            context.Statistics.ExecutionTime = Stopwatch.GetElapsedTime(started);
            return new QueryRun(context, deadline, spool);
        }
    }
}
