using System.Text.Json;
using MetisBackup.DevServer.Aql;
using MetisBackup.DevServer.Engine;
using MetisBackup.DevServer.Hosting;

namespace MetisBackup.DevServer.Endpoints.Dumps;

/// <summary>The <c>filters</c> and <c>projections</c> of a parallel dump (arangodb-protocol 7.2).</summary>
internal sealed class DumpSelection
{
    private readonly List<(IReadOnlyList<string> Path, AqlValue Value)> _conditions = [];
    private readonly List<(string Name, IReadOnlyList<string> Path)>? _projections;

    private DumpSelection(List<(string Name, IReadOnlyList<string> Path)>? projections) => _projections = projections;

    /// <summary>Reads the body of a start call; null where it wants whole documents, and all of them.</summary>
    /// <exception cref="ArangoException">400/E10: an attribute has the wrong form.</exception>
    public static DumpSelection? Parse(JsonElement body)
    {
        var projections = body.Find("projections") is { ValueKind: not JsonValueKind.Null } named ? ProjectionsOf(named) : null;
        var selection = new DumpSelection(projections);
        if (body.Find("filters") is { ValueKind: not JsonValueKind.Null } filters)
        {
            selection.AddConditions(filters);
        }

        return projections is null && selection._conditions.Count == 0 ? null : selection;
    }

    /// <summary>Writes the line of a document that passes.</summary>
    /// <returns>False, with nothing written, for one that does not.</returns>
    public bool Write(BlockList output, ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 256 });
        var root = document.RootElement;
        if (!_conditions.TrueForAll(condition => AqlComparer.Instance.Compare(ValueAt(root, condition.Path), condition.Value) == 0))
        {
            return false;
        }

        if (_projections is null)
        {
            output.Append(json.Span);
            return true;
        }

        using var line = new PooledBuffer();
        using (var writer = new Utf8JsonWriter(line, ArangoResponse.WriterOptions))
        {
            writer.WriteStartObject();
            foreach (var (name, path) in _projections)
            {
                writer.WritePropertyName(name);
                ValueAt(root, path).WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        output.Append(line.Span);
        return true;
    }

    private static AqlValue ValueAt(JsonElement document, IReadOnlyList<string> path)
    {
        JsonElement? value = document;
        foreach (var name in path)
        {
            value = value?.Find(name);
        }

        return value is { } found ? AqlValue.From(found) : AqlValue.Null;
    }

    private static List<(string Name, IReadOnlyList<string> Path)> ProjectionsOf(JsonElement projections) =>
        projections.ValueKind == JsonValueKind.Object
            ? [.. projections.EnumerateObject().Select(static projection => (projection.Name, PathOf(projection.Value, "projections")))]
            : throw WrongForm("projections");

    private void AddConditions(JsonElement filters)
    {
        if (filters.TextOf("type") != "simple" || filters.ItemsOf("conditions") is not { } conditions)
        {
            throw WrongForm("filters");
        }

        foreach (var condition in conditions)
        {
            var path = PathOf(condition.Find("attributePath") ?? throw WrongForm("filters"), "filters");
            _conditions.Add((path, AqlValue.From((condition.Find("value") ?? throw WrongForm("filters")).Clone())));
        }
    }

    private static IReadOnlyList<string> PathOf(JsonElement path, string attribute) =>
        path.ValueKind == JsonValueKind.Array && path.GetArrayLength() > 0 && path.EnumerateArray().All(static name => name.ValueKind == JsonValueKind.String)
            ? [.. path.EnumerateArray().Select(static name => name.GetString()!)]
            : throw WrongForm(attribute);

    private static ArangoException WrongForm(string attribute) => ArangoErrors.BadParameter($"invalid value for attribute '{attribute}'");
}
