using System.Text.Json;
using MetisBackup.DevServer.Aql;
using MetisBackup.DevServer.Hosting;

namespace MetisBackup.DevServer.Endpoints.Queries;

/// <summary><c>/_api/query</c> and <c>/_api/explain</c>: looking at queries without running them.</summary>
internal sealed class QueryEndpoints(ServerContext server)
{
    public static void Map(RouteTable routes, ServerContext server)
    {
        var queries = new QueryEndpoints(server);
        routes.Map("POST /_api/query", Parse);
        routes.Map("POST /_api/explain", queries.Explain);
    }

    private static ArangoResponse Parse(ArangoRequest request)
    {
        using var body = request.ParseObject();
        var text = body.RootElement.TextOf("query") ?? "";
        var query = AqlParser.Parse(text);
        return ArangoResponse.Success(200, writer =>
        {
            writer.WriteBoolean("parsed"u8, true);
            WriteNames(writer, "collections", query.Names.Sources.Concat(query.Names.Targets).Where(static s => !s.IsParameter).Select(static s => s.Name).Distinct(StringComparer.Ordinal));
            WriteNames(writer, "bindVars", query.Names.Parameters);
            writer.WriteStartArray("ast"u8);
            SyntaxJson.Write(writer, query.Root);
            writer.WriteEndArray();
            WarningsJson.Write(writer, []);
        });
    }

    private ArangoResponse Explain(ArangoRequest request)
    {
        using var body = request.ParseObject();
        var query = QueryRequest.From(request.Database, body.RootElement);
        var parsed = QueryCompiler.Compile(query, server.Engine.Catalog, request.Caller, prefix: "");
        return ArangoResponse.Json(200, writer =>
        {
            writer.WriteStartObject();
            if (query.Options.AllPlans)
            {
                writer.WriteStartArray("plans"u8);
                PlanJson.Write(writer, parsed);
                writer.WriteEndArray();
            }
            else
            {
                writer.WritePropertyName("plan"u8);
                PlanJson.Write(writer, parsed);
                writer.WriteBoolean("cacheable"u8, !parsed.IsModification);
            }

            WarningsJson.Write(writer, []);
            WriteOptimizerStatistics(writer);
            writer.WriteBoolean("error"u8, false);
            writer.WriteNumber("code"u8, 200);
            writer.WriteEndObject();
        });
    }

    private static void WriteOptimizerStatistics(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("stats"u8);
        writer.WriteNumber("rulesExecuted"u8, 0);
        writer.WriteNumber("rulesSkipped"u8, 0);
        writer.WriteNumber("plansCreated"u8, 1);
        writer.WriteStartObject("rules"u8);
        writer.WriteEndObject();
        writer.WriteNumber("peakMemoryUsage"u8, 0);
        writer.WriteNumber("executionTime"u8, 0.0);
        writer.WriteEndObject();
    }

    private static void WriteNames(Utf8JsonWriter writer, string attribute, IEnumerable<string> names)
    {
        writer.WriteStartArray(attribute);
        foreach (var name in names)
        {
            writer.WriteStringValue(name);
        }

        writer.WriteEndArray();
    }
}
