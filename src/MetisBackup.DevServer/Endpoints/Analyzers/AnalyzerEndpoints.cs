using System.Text.Json;
using MetisBackup.DevServer.Engine;
using MetisBackup.DevServer.Hosting;

namespace MetisBackup.DevServer.Endpoints.Analyzers;

/// <summary><c>/_api/analyzer</c> (arangodb-protocol 12.3).</summary>
internal sealed class AnalyzerEndpoints(ServerContext server)
{
    public static void Map(RouteTable routes, ServerContext server)
    {
        var analyzers = new AnalyzerEndpoints(server);
        routes.Map("GET /_api/analyzer", analyzers.List);
        routes.Map("POST /_api/analyzer", analyzers.Create);
        routes.Map("GET /_api/analyzer/{name}", analyzers.Get);
        routes.Map("DELETE /_api/analyzer/{name}", analyzers.Delete);
    }

    private ArangoResponse List(ArangoRequest request)
    {
        var visible = server.Engine.Read(reader =>
        {
            var own = AnalyzerStore.Defined(reader, request.Database).Select(a => a with { Name = $"{request.Database}::{a.Name}" });
            var system = request.Database == "_system" ? [] : AnalyzerStore.Defined(reader, "_system").Select(static a => a with { Name = "::" + a.Name });
            return AnalyzerStore.BuiltIn.Concat(own).Concat(system).ToList();
        });
        return ArangoResponse.Result(200, writer =>
        {
            writer.WriteStartArray();
            foreach (var analyzer in visible)
            {
                writer.WriteStartObject();
                Write(writer, analyzer);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        });
    }

    private ArangoResponse Get(ArangoRequest request)
    {
        var analyzer = server.Engine.Read(reader => AnalyzerStore.Find(reader, request.Database, request.Route["name"]))
            ?? throw NotFound(request.Route["name"]);
        return ArangoResponse.Success(200, writer => Write(writer, Named(request.Database, analyzer, request.Route["name"])));
    }

    private ArangoResponse Create(ArangoRequest request)
    {
        RequireRights(request);
        using var body = request.ParseObject();
        var wanted = AnalyzerDefinition.Parse(request.Database, body.RootElement);
        var isNew = server.Engine.Write(writer =>
        {
            if (AnalyzerStore.Find(writer, request.Database, wanted.Name) is not { } existing)
            {
                AnalyzerStore.Add(writer, request.Database, wanted);
                return true;
            }

            return IsSame(existing, wanted)
                ? false
                : throw ArangoErrors.BadParameter($"name collision detected while validating an arangosearch analyzer, name: {wanted.Name}");
        });
        return ArangoResponse.Json(isNew ? 201 : 200, writer =>
        {
            writer.WriteStartObject();
            Write(writer, Named(request.Database, wanted, wanted.Name));
            writer.WriteEndObject();
        });
    }

    private ArangoResponse Delete(ArangoRequest request)
    {
        RequireRights(request);
        var (home, name) = AnalyzerStore.Split(request.Database, request.Route["name"]);
        if (home != request.Database || AnalyzerStore.BuiltIn.Any(analyzer => analyzer.Name == name))
        {
            throw ArangoErrors.Forbidden("insufficient rights to remove this analyzer");
        }

        server.Engine.Write(writer =>
        {
            if (AnalyzerStore.Find(writer, home, name) is null)
            {
                throw NotFound(name);
            }

            if (!request.Query.Flag("force") && AnalyzerUse.IsUsed(writer.Catalog.Database(home), name))
            {
                throw ArangoErrors.WriteConflict($"analyzer in-use while removing arangosearch analyzer '{home}::{name}'");
            }

            writer.Remove(writer.Catalog.Collection(home, AnalyzerStore.CollectionName), name);
        });
        return ArangoResponse.Success(200, writer => writer.WriteString("name"u8, $"{home}::{name}"));
    }

    private void RequireRights(ArangoRequest request)
    {
        server.RequireWritable();
        request.Caller.RequireDatabase(request.Database, AccessLevel.ReadWrite);
    }

    private static ArangoException NotFound(string name) => new(404, 1202, $"unable to find analyzer '{name}'");

    private static bool IsSame(Analyzer left, Analyzer right) =>
        left.Type == right.Type
        && JsonElement.DeepEquals(left.Properties, right.Properties)
        && left.Features.Order(StringComparer.Ordinal).SequenceEqual(right.Features.Order(StringComparer.Ordinal), StringComparer.Ordinal);

    private static Analyzer Named(string database, Analyzer analyzer, string name) =>
        AnalyzerStore.BuiltIn.Contains(analyzer) ? analyzer
            : analyzer with { Name = $"{AnalyzerStore.Split(database, name).Database}::{analyzer.Name}" };

    private static void Write(Utf8JsonWriter writer, Analyzer analyzer)
    {
        writer.WriteString("name"u8, analyzer.Name);
        writer.WriteString("type"u8, analyzer.Type);
        writer.WriteValue("properties", analyzer.Properties);
        writer.WriteStartArray("features"u8);
        foreach (var feature in analyzer.Features)
        {
            writer.WriteStringValue(feature);
        }

        writer.WriteEndArray();
    }
}
