using System.Text.Json;
using MetisBackup.DevServer.Engine;
using MetisBackup.DevServer.Hosting;

namespace MetisBackup.DevServer.Endpoints.Tasks;

/// <summary><c>/_api/tasks</c>: scheduled scripts as definitions, kept while the server runs; nothing here runs scripts.</summary>
internal sealed class TaskEndpoints(ServerContext server)
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, ScheduledTask> _tasks = new(StringComparer.Ordinal);

    public static void Map(RouteTable routes, ServerContext server)
    {
        var endpoints = new TaskEndpoints(server);
        routes.Map("GET /_api/tasks", endpoints.List);
        routes.Map("GET /_api/tasks/{id}", endpoints.Get);
        routes.Map("POST /_api/tasks", request => endpoints.Create(request, null));
        routes.Map("PUT /_api/tasks/{id}", request => endpoints.Create(request, request.Route["id"]));
        routes.Map("DELETE /_api/tasks/{id}", endpoints.Delete);
    }

    private ArangoResponse List(ArangoRequest request)
    {
        List<ScheduledTask> tasks;
        lock (_gate)
        {
            tasks = [.. _tasks.Values.Where(task => task.Database == request.Database)];
        }

        return ArangoResponse.Json(200, writer =>
        {
            writer.WriteStartArray();
            tasks.ForEach(task => task.Write(writer));
            writer.WriteEndArray();
        });
    }

    private ArangoResponse Get(ArangoRequest request)
    {
        lock (_gate)
        {
            return Answer(Find(request));
        }
    }

    private ArangoResponse Create(ArangoRequest request, string? id)
    {
        request.Caller.RequireDatabase(request.Database, AccessLevel.ReadWrite);
        using var body = request.ParseObject();
        var task = ScheduledTask.Read(body.RootElement, id ?? body.RootElement.TextOf("id") ?? server.Engine.NewTick(), request.Database, server.Time.GetUtcNow());
        lock (_gate)
        {
            if (!_tasks.TryAdd(task.Id, task))
            {
                throw new ArangoException(409, 1851, "duplicate task id");
            }
        }

        return Answer(task);
    }

    private ArangoResponse Delete(ArangoRequest request)
    {
        request.Caller.RequireDatabase(request.Database, AccessLevel.ReadWrite);
        lock (_gate)
        {
            _tasks.Remove(Find(request).Id);
        }

        return ArangoResponse.Success(200);
    }

    private ScheduledTask Find(ArangoRequest request) =>
        _tasks.TryGetValue(request.Route["id"], out var task) && task.Database == request.Database
            ? task
            : throw new ArangoException(404, 1852, "task not found");

    private static ArangoResponse Answer(ScheduledTask task) => ArangoResponse.Json(200, task.Write);
}

/// <summary>The definition of a scheduled script.</summary>
/// <param name="Id">Unique in the server.</param>
/// <param name="Name">For people.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Period">Seconds between runs; null for a script that runs once.</param>
/// <param name="Offset">Seconds from <paramref name="Created"/> to the first run.</param>
/// <param name="Command">The script, with the frame that the real server puts around it.</param>
/// <param name="Database">Where it would run.</param>
internal sealed record ScheduledTask(string Id, string Name, DateTimeOffset Created, double? Period, double Offset, string Command, string Database)
{
    /// <summary>Reads the body of a request.</summary>
    /// <exception cref="ArangoException">400/E10 without a command, with a period that is not positive, or with a negative offset.</exception>
    public static ScheduledTask Read(JsonElement body, string id, string database, DateTimeOffset now)
    {
        var command = body.TextOf("command") ?? throw ArangoErrors.BadParameter("command must be specified");
        var period = body.NumberOf("period");
        if (period is <= 0)
        {
            throw ArangoErrors.BadParameter("task period must be specified and positive");
        }

        var offset = body.NumberOf("offset") ?? 0;
        return offset < 0
            ? throw ArangoErrors.BadParameter("task offset must be zero or positive")
            : new ScheduledTask(
                id, body.TextOf("name") ?? "user-defined task", now, period, offset, $"(function (params) {{ {command} }} )(params);", database);
    }

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, Id);
        writer.WriteString("name"u8, Name);
        writer.WriteNumber("created"u8, Created.ToUnixTimeMilliseconds() / 1000.0);
        writer.WriteString("type"u8, Period is null ? "timed"u8 : "periodic"u8);
        if (Period is { } period)
        {
            writer.WriteNumber("period"u8, period);
        }

        writer.WriteNumber("offset"u8, Offset);
        writer.WriteString("command"u8, Command);
        writer.WriteString("database"u8, Database);
        writer.WriteEndObject();
    }
}
