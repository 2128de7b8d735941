using System.Diagnostics;
using MetisBackup.DevServer.Engine;

namespace MetisBackup.DevServer.Aql;

/// <summary>Starts runs of one prepared query.</summary>
/// <param name="query">The query; its parameters and collections were checked.</param>
/// <param name="request">How it was asked.</param>
/// <param name="spoolDirectory">Where rows wait that do not fit in memory.</param>
/// <param name="environment">Where it runs.</param>
internal sealed class QueryRunner(ParsedQuery query, QueryRequest request, string spoolDirectory, QueryEnvironment environment)
{
    public ParsedQuery Query => query;

    /// <summary>
    /// Runs the query in a transaction of its own: changes are committed before the first row is answered; with the option stream rows are
    /// computed while they are read.
    /// </summary>
    /// <exception cref="ArangoException">Whatever the query fails with; 410/E1500 when it was killed or ran too long.</exception>
    public QueryRun Run(ServerEngine engine, CancellationToken cancellationToken) => Worded(() =>
    {
        var deadline = Deadline(cancellationToken);
        if (request.Options.Stream && !query.IsModification)
        {
            var pinned = engine.Pin();
            var context = new QueryContext(query, environment, request.Parameters) { Reader = pinned.OpenReader(), CancellationToken = deadline.Token };
            return QueryRun.Streaming(context, deadline, pinned);
        }

        using var writer = query.IsModification ? engine.BeginWrite() : null;
        using var snapshot = engine.Pin();
        using var reader = snapshot.OpenReader();
        var run = Finish(reader, writer, deadline);
        writer?.Commit();
        return run;
    });

    /// <summary>Runs the query to its end inside a transaction that others began and will end.</summary>
    /// <inheritdoc cref="Run(ServerEngine, CancellationToken)"/>
    public QueryRun Run(ReadTransaction reader, WriteTransaction? writer, CancellationToken cancellationToken) =>
        Worded(() => Finish(reader, writer, Deadline(cancellationToken)));

    private static QueryRun Worded(Func<QueryRun> run)
    {
        try
        {
            return run();
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

    private CancellationTokenSource Deadline(CancellationToken cancellationToken)
    {
        var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (request.Options.MaxRuntime > 0)
        {
            deadline.CancelAfter(TimeSpan.FromSeconds(request.Options.MaxRuntime));
        }

        return deadline;
    }

    private QueryRun Finish(ReadTransaction reader, WriteTransaction? writer, CancellationTokenSource deadline)
    {
        var context = new QueryContext(query, environment, request.Parameters) { Reader = reader, Writer = writer, CancellationToken = deadline.Token };
        var started = Stopwatch.GetTimestamp();
        var spool = new ResultSpool(spoolDirectory);
        try
        {
            foreach (var row in new QueryExecutor(context).Run())
            {
                spool.Add(row);
            }

            spool.Complete();
        }
        catch
        {
            spool.Dispose();
            throw;
        }

        context.Statistics.ExecutionTime = Stopwatch.GetElapsedTime(started);
        return QueryRun.Finished(context, deadline, spool);
    }
}
