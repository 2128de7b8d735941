using System.Text.Json;
using MetisBackup.DevServer.Aql;
using MetisBackup.DevServer.Engine;
using MetisBackup.DevServer.Hosting;

namespace MetisBackup.DevServer.Endpoints.Queries;

/// <summary><c>/_api/query/current</c>, <c>slow</c>, <c>properties</c>: what runs, what took long, ending it.</summary>
internal sealed class QueryTrackingEndpoints(QueryTracker tracker)
{
    public static void Map(RouteTable routes, QueryTracker tracker)
    {
        var queries = new QueryTrackingEndpoints(tracker);
        routes.Map("GET /_api/query/current", request => queries.Answer(tracker.Running(request.Database)));
        routes.Map("GET /_api/query/slow", request => queries.Answer(tracker.Slow(request.Database)));
        routes.Map("DELETE /_api/query/slow", _ => queries.ClearSlow());
        routes.Map("DELETE /_api/query/{id}", queries.Kill);
        routes.Map("GET /_api/query/properties", _ => queries.Properties());
        routes.Map("PUT /_api/query/properties", queries.SetProperties);
    }

    private ArangoResponse ClearSlow()
    {
        tracker.ClearSlow();
        return ArangoResponse.Success(200);
    }

    private ArangoResponse Kill(ArangoRequest request) => tracker.Kill(request.Database, request.Route["id"])
        ? ArangoResponse.Success(200)
        : throw new ArangoException(404, 1591, $"cannot kill query '{request.Route["id"]}': query not found");

    private ArangoResponse Answer(IEnumerable<TrackedQuery> queries) => ArangoResponse.Json(200, writer =>
    {
        writer.WriteStartArray();
        foreach (var query in queries)
        {
            Write(writer, query, tracker.Options);
        }

        writer.WriteEndArray();
    });

    private static void Write(Utf8JsonWriter writer, TrackedQuery query, TrackingOptions options)
    {
        var text = query.Request.Text;
        writer.WriteStartObject();
        writer.WriteString("id"u8, query.Id);
        writer.WriteString("database"u8, query.Request.Database);
        writer.WriteString("user"u8, query.User);
        writer.WriteString("query"u8, text.Length <= options.MaxQueryStringLength ? text : text[..options.MaxQueryStringLength] + "...");
        writer.WriteStartObject("bindVars"u8);
        foreach (var (name, value) in options.TrackBindVars ? query.Request.Parameters : new Dictionary<string, AqlValue>(StringComparer.Ordinal))
        {
            writer.WritePropertyName(name);
            value.WriteTo(writer);
        }

        writer.WriteEndObject();
        writer.WriteString("started"u8, query.Started.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"));
        writer.WriteNumber("runTime"u8, query.RunTime?.TotalSeconds ?? 0);
        writer.WriteNumber("peakMemoryUsage"u8, 0);
        writer.WriteString("state"u8, query.RunTime is null ? "executing"u8 : "finished"u8);
        writer.WriteBoolean("stream"u8, query.Request.Options.Stream);
        writer.WriteEndObject();
    }

    private ArangoResponse Properties()
    {
        var options = tracker.Options;
        return ArangoResponse.Success(200, writer =>
        {
            writer.WriteBoolean("enabled"u8, options.Enabled);
            writer.WriteBoolean("trackSlowQueries"u8, options.TrackSlowQueries);
            writer.WriteBoolean("trackBindVars"u8, options.TrackBindVars);
            writer.WriteNumber("maxSlowQueries"u8, options.MaxSlowQueries);
            writer.WriteNumber("slowQueryThreshold"u8, options.SlowQueryThreshold);
            writer.WriteNumber("slowStreamingQueryThreshold"u8, options.SlowStreamingQueryThreshold);
            writer.WriteNumber("maxQueryStringLength"u8, options.MaxQueryStringLength);
        });
    }

    private ArangoResponse SetProperties(ArangoRequest request)
    {
        using var body = request.ParseObject();
        var given = body.RootElement;
        var old = tracker.Options;
        tracker.Options = new TrackingOptions
        {
            Enabled = given.FlagOf("enabled", old.Enabled),
            TrackSlowQueries = given.FlagOf("trackSlowQueries", old.TrackSlowQueries),
            TrackBindVars = given.FlagOf("trackBindVars", old.TrackBindVars),
            MaxSlowQueries = (int)(given.NumberOf("maxSlowQueries") ?? old.MaxSlowQueries),
            SlowQueryThreshold = given.NumberOf("slowQueryThreshold") ?? old.SlowQueryThreshold,
            SlowStreamingQueryThreshold = given.NumberOf("slowStreamingQueryThreshold") ?? old.SlowStreamingQueryThreshold,
            MaxQueryStringLength = (int)(given.NumberOf("maxQueryStringLength") ?? old.MaxQueryStringLength),
        };
        return Properties();
    }
}
