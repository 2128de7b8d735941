using MetisBackup.DevServer.Aql;
using MetisBackup.DevServer.Engine;
using MetisBackup.DevServer.Hosting;

namespace MetisBackup.DevServer.Endpoints.Queries;

/// <summary><c>/_api/cursor</c>: queries and their batches (arangodb-protocol 11.3).</summary>
internal sealed class CursorEndpoints(ServerContext server, CursorRegistry cursors)
{
    private readonly string _spoolDirectory = Path.Combine(server.Options.DataDirectory, "spool");

    public static void Map(RouteTable routes, ServerContext server)
    {
        QueryTrackingEndpoints.Map(routes, server.Queries);
        var endpoints = new CursorEndpoints(server, server.Own(new CursorRegistry(server.Time)));
        routes.Map("POST /_api/cursor", endpoints.CreateAsync);
        routes.Map("PUT /_api/cursor", static _ => throw ArangoErrors.HttpBadParameter("expecting POST /_api/cursor/<cursor-id>"));
        routes.Map("DELETE /_api/cursor", static _ => throw ArangoErrors.HttpBadParameter("expecting DELETE /_api/cursor/<cursor-id>"));
        routes.Map("PUT /_api/cursor/{id}", endpoints.Next);
        routes.Map("POST /_api/cursor/{id}", endpoints.Next);
        routes.Map("POST /_api/cursor/{id}/{batch}", endpoints.Batch);
        routes.Map("DELETE /_api/cursor/{id}", endpoints.Delete);
    }

    private async ValueTask<ArangoResponse> CreateAsync(ArangoRequest request, CancellationToken cancellationToken)
    {
        var query = ReadRequest(request);
        var parsed = QueryCompiler.Compile(query, server.Engine.Catalog, request.Caller);
        if (parsed.IsModification)
        {
            server.RequireWritable();
        }

        // a query may wait for a lock, sleep or scan for long: not on the thread that reads requests
        return await Task.Run(() => Start(request, query, parsed), CancellationToken.None).WaitAsync(cancellationToken);
    }

    private static QueryRequest ReadRequest(ArangoRequest request)
    {
        using var body = request.ParseObject();
        return QueryRequest.From(request.Database, body.RootElement);
    }

    private ArangoResponse Start(ArangoRequest request, QueryRequest query, ParsedQuery parsed)
    {
        var id = server.Engine.NewTick();
        var environment = new QueryEnvironment(query.Database, server.Time, query.Options, server.Options.ShuffleScans, server.Engine.Edges);
        var runner = new QueryRunner(parsed, query, _spoolDirectory, environment);
        var run = server.Queries.Track(id, query, request.Caller.Name, killed =>
        {
            using var ending = request.Canceled.Register(() => server.Queries.Kill(request.Database, id));
            return Run(request, runner, killed);
        });
        var cursor = new QueryCursor(id, query, run);
        try
        {
            var answer = cursor.NextBatch(201);
            if (cursor.IsFinished)
            {
                cursor.Dispose();
            }
            else
            {
                cursors.Add(cursor);
            }

            return ArangoResponse.Json(201, answer);
        }
        catch
        {
            cursor.Dispose();
            throw;
        }
    }

    /// <summary>Inside a stream transaction a query sees and changes what the transaction does.</summary>
    private QueryRun Run(ArangoRequest request, QueryRunner runner, CancellationToken cancellationToken)
    {
        if (request.Header("x-arango-trx-id") is null)
        {
            return runner.Run(server.Engine, cancellationToken);
        }

        return runner.Query.IsModification
            ? server.Write(request, waitForSync: false, writer => runner.Run(writer, writer, cancellationToken))
            : server.Read(request, reader => runner.Run(reader, null, cancellationToken));
    }

    private ArangoResponse Next(ArangoRequest request) =>
        ArangoResponse.Json(200, cursors.Use(request.Database, request.Route["id"], static cursor => cursor.NextBatch(200)));

    private ArangoResponse Batch(ArangoRequest request) =>
        ArangoResponse.Json(200, cursors.Use(request.Database, request.Route["id"], cursor => cursor.Batch(request.Route["batch"], 200)));

    private ArangoResponse Delete(ArangoRequest request)
    {
        var id = request.Route["id"];
        cursors.Remove(request.Database, id);
        return ArangoResponse.Json(202, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("id"u8, id);
            writer.WriteBoolean("error"u8, false);
            writer.WriteNumber("code"u8, 202);
            writer.WriteEndObject();
        });
    }
}
