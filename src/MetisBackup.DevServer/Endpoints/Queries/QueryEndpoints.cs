using System.Text.Json;
using MetisBackup.DevServer.Aql;
using MetisBackup.DevServer.Aql.Plans;
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
        return server.Read(request, reader =>
        {
            var environment = new QueryEnvironment(query.Database, server.Time, query.Options);
            var context = new QueryContext(parsed, environment, query.Parameters) { Reader = reader };
            var plan = PlanBuilder.Build(context);
            return ArangoResponse.Json(200, writer => WriteExplanation(writer, context, plan));
        });
    }

    private static void WriteExplanation(Utf8JsonWriter writer, QueryContext context, QueryPlan plan)
    {
        writer.WriteStartObject();
        if (context.Options.AllPlans)
        {
            writer.WriteStartArray("plans"u8);
            plan.Write(writer, context);
            writer.WriteEndArray();
        }
        else
        {
            writer.WritePropertyName("plan"u8);
            plan.Write(writer, context);
            writer.WriteBoolean("cacheable"u8, !context.Query.IsModification && context.Warnings.Count == 0);
        }

        WarningsJson.Write(writer, context.Warnings);
        WriteOptimizerStatistics(writer);
        writer.WriteBoolean("error"u8, false);
        writer.WriteNumber("code"u8, 200);
        writer.WriteEndObject();
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
