using System.Globalization;
using MetisBackup.Arango.Protocol;
using MetisBackup.DevServer.Engine;
using MetisBackup.DevServer.Hosting;

namespace MetisBackup.DevServer.Endpoints.Jobs;

/// <summary><c>/_api/job</c>: the answers of requests that were sent with <c>x-arango-async: store</c> (arangodb-protocol 1.1).</summary>
internal sealed class JobEndpoints(AsyncJobs jobs)
{
    private const ulong DefaultCount = 100;

    public static void Map(RouteTable routes, AsyncJobs jobs)
    {
        var endpoints = new JobEndpoints(jobs);
        routes.Map("GET /_api/job/{id}", endpoints.Show);
        routes.Map("PUT /_api/job/{id}", endpoints.Fetch);
        routes.Map("PUT /_api/job/{id}/cancel", endpoints.Cancel);
        routes.Map("DELETE /_api/job/{id}", endpoints.Delete);
        foreach (var method in (string[])["GET", "PUT", "DELETE"])
        {
            routes.Map($"{method} /_api/job/{{*rest}}", static _ => throw ArangoErrors.HttpBadParameter("bad parameter"));
        }
    }

    private ArangoResponse Show(ArangoRequest request)
    {
        var id = request.Route["id"];
        return id is "done" or "pending"
            ? List(request, id == "done")
            : ArangoResponse.Empty(Find(request, id).IsDone ? 200 : 204);
    }

    private ArangoResponse List(ArangoRequest request, bool done)
    {
        var most = (int)Math.Min(request.Query.Number("count") ?? DefaultCount, int.MaxValue);
        var found = jobs.Of(request.Caller.Name).Where(job => job.IsDone == done).Take(most).ToList();
        return ArangoResponse.Json(200, writer =>
        {
            writer.WriteStartArray();
            foreach (var job in found)
            {
                writer.WriteStringValue(job.Id);
            }

            writer.WriteEndArray();
        });
    }

    private ArangoResponse Fetch(ArangoRequest request)
    {
        var job = Find(request, request.Route["id"]);
        if (!job.IsDone)
        {
            return ArangoResponse.Empty(204);
        }

        return (jobs.Take(job) ?? throw NotFound()).With("x-arango-async-id", job.Id);
    }

    private ArangoResponse Cancel(ArangoRequest request)
    {
        Find(request, request.Route["id"]).Cancel();
        return Done();
    }

    private ArangoResponse Delete(ArangoRequest request)
    {
        var id = request.Route["id"];
        var user = request.Caller.Name;
        List<AsyncJob> gone = id switch
        {
            "all" => [.. jobs.Of(user)],
            "expired" => DoneBefore(user, StampOf(request)),
            _ => [Find(request, id)],
        };
        foreach (var job in gone)
        {
            jobs.Remove(job);
        }

        return Done();
    }

    private List<AsyncJob> DoneBefore(string user, DateTimeOffset stamp) => [.. jobs.Of(user).Where(job => job.IsDone && job.DoneAt < stamp)];

    private static DateTimeOffset StampOf(ArangoRequest request) =>
        double.TryParse(request.Query.Text("stamp"), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
            ? DateTimeOffset.UnixEpoch.AddSeconds(Math.Clamp(seconds, 0, 253_402_300_799))
            : throw ArangoErrors.HttpBadParameter("bad parameter");

    private AsyncJob Find(ArangoRequest request, string id) => jobs.Find(request.Caller.Name, id) ?? throw NotFound();

    private static ArangoException NotFound() => new(404, ErrorNumber.HttpNotFound, "not found");

    private static ArangoResponse Done() => ArangoResponse.Json(200, static writer =>
    {
        writer.WriteStartObject();
        writer.WriteBoolean("result"u8, true);
        writer.WriteEndObject();
    });
}
