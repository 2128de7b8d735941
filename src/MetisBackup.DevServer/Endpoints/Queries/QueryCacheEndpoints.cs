using MetisBackup.DevServer.Engine;
using MetisBackup.DevServer.Hosting;

namespace MetisBackup.DevServer.Endpoints.Queries;

/// <summary><c>/_api/query-cache</c> and <c>/_api/query-plan-cache</c>: caches with settings, in which nothing is ever kept.</summary>
internal sealed class QueryCacheEndpoints
{
    private CacheSettings _settings = new();

    public static void Map(RouteTable routes)
    {
        var endpoints = new QueryCacheEndpoints();
        routes.Map("GET /_api/query-cache/properties", _ => endpoints.Answer());
        routes.Map("PUT /_api/query-cache/properties", endpoints.Change);
        foreach (var cache in (string[])["GET /_api/query-cache/entries", "GET /_api/query-plan-cache"])
        {
            routes.Map(cache, static _ => ArangoResponse.Json(200, static writer =>
            {
                writer.WriteStartArray();
                writer.WriteEndArray();
            }));
        }

        routes.Map("DELETE /_api/query-cache", static _ => ArangoResponse.Success(200));
        routes.Map("DELETE /_api/query-plan-cache", static _ => ArangoResponse.Success(200));
    }

    private ArangoResponse Change(ArangoRequest request)
    {
        request.Caller.RequireDatabase(request.Database, AccessLevel.ReadWrite);
        using var body = request.ParseObject();
        var given = body.RootElement;
        if (given.Find("mode") is not null && given.TextOf("mode") is not ("on" or "off" or "demand"))
        {
            throw ArangoErrors.HttpBadParameter("invalid value for 'mode'");
        }

        _settings = new CacheSettings(
            given.TextOf("mode") ?? _settings.Mode,
            (long)(given.NumberOf("maxResults") ?? _settings.MaxResults),
            (long)(given.NumberOf("maxResultsSize") ?? _settings.MaxResultsSize),
            (long)(given.NumberOf("maxEntrySize") ?? _settings.MaxEntrySize),
            given.FlagOf("includeSystem", _settings.IncludeSystem));
        return Answer();
    }

    private ArangoResponse Answer()
    {
        var settings = _settings;
        return ArangoResponse.Json(200, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("mode"u8, settings.Mode);
            writer.WriteNumber("maxResults"u8, settings.MaxResults);
            writer.WriteNumber("maxResultsSize"u8, settings.MaxResultsSize);
            writer.WriteNumber("maxEntrySize"u8, settings.MaxEntrySize);
            writer.WriteBoolean("includeSystem"u8, settings.IncludeSystem);
            writer.WriteEndObject();
        });
    }

    /// <summary>Sizes are in bytes.</summary>
    private sealed record CacheSettings(
        string Mode = "off", long MaxResults = 128, long MaxResultsSize = 256L << 20, long MaxEntrySize = 16L << 20, bool IncludeSystem = false);
}
