using System.Text.Json;
using MetisBackup.DevServer.Engine;

namespace MetisBackup.DevServer.Endpoints.Indexes;

/// <summary>Turns what a client asks for into the full definition that the real server would keep and show (arangodb-protocol 4.3).</summary>
internal static class IndexDefinition
{
    /// <summary>Checks a definition and fills in the defaults.</summary>
    /// <param name="body">The index as asked for; identity in it is not looked at.</param>
    /// <param name="id">Decimal text, unique in the server.</param>
    /// <param name="name">The name of the index.</param>
    /// <exception cref="ArangoException">400/E10: unknown type, wrong fields or options.</exception>
    public static IndexInfo Parse(JsonElement body, string id, string name)
    {
        var type = body.TextOf("type") ?? throw Invalid("invalid index type");
        type = type is "geo1" or "geo2" ? "geo" : type;
        Action<Utf8JsonWriter, JsonElement> options = type switch
        {
            "persistent" or "hash" or "skiplist" => WritePersistent,
            "geo" => WriteGeo,
            "fulltext" => WriteFulltext,
            "ttl" => WriteTtl,
            "mdi" or "zkd" or "mdi-prefixed" => WriteMultiDimensional,
            "inverted" => InvertedIndexDefinition.Write,
            "vector" => WriteVector,
            "primary" or "edge" => throw Invalid($"cannot create index of type '{type}'"),
            _ => throw Invalid("invalid index type"),
        };
        if (type != "inverted")
        {
            CheckFields(body, type);
        }

        if (body.FlagOf("unique") && type is "geo" or "fulltext" or "ttl" or "inverted" or "vector")
        {
            throw Invalid($"index of type '{type}' cannot be unique");
        }

        return new IndexInfo
        {
            Id = id,
            Name = name,
            Type = type,
            Unique = body.FlagOf("unique"),
            Sparse = type is "geo" or "fulltext" or "ttl" or "inverted" || body.FlagOf("sparse"),
            Definition = JsonValues.Build(writer =>
            {
                writer.WriteStartObject();
                options(writer, body);
                writer.WriteEndObject();
            }),
        };
    }

    /// <summary>Whether two definitions ask for the same index, whatever they are called.</summary>
    public static bool IsSame(IndexInfo left, IndexInfo right) =>
        left.Type == right.Type
        && left.Unique == right.Unique
        && left.Sparse == right.Sparse
        && IsSamePart(left, right, "fields")
        && IsSamePart(left, right, "storedValues")
        && IsSamePart(left, right, "prefixFields")
        && IsSamePart(left, right, "minLength")
        && IsSamePart(left, right, "expireAfter")
        && IsSamePart(left, right, "geoJson")
        && IsSamePart(left, right, "legacyPolygons")
        && IsSamePart(left, right, "params")
        && (left.Type != "inverted" || JsonElement.DeepEquals(left.Definition, right.Definition));

    internal static ArangoException Invalid(string message) => ArangoErrors.BadParameter(message);

    private static bool IsSamePart(IndexInfo left, IndexInfo right, string attribute) =>
        (left.Definition.Find(attribute), right.Definition.Find(attribute)) switch
        {
            (null, null) => true,
            ({ } one, { } other) => JsonElement.DeepEquals(one, other),
            _ => false,
        };

    private static void CheckFields(JsonElement body, string type)
    {
        var fields = Names(body, "fields") ?? throw Invalid("invalid index fields: fields must be an array of attribute paths");
        var most = type switch { "fulltext" or "ttl" or "vector" => 1, "geo" => 2, _ => 32 };
        if (fields.Count == 0 || fields.Count > most)
        {
            throw Invalid($"invalid number of index attributes for type '{type}'");
        }

        if (fields.Distinct(StringComparer.Ordinal).Count() != fields.Count)
        {
            throw Invalid("duplicate attribute name in index fields list");
        }

        if (fields.Contains("_id", StringComparer.Ordinal) || fields.Any(static field => field.Length == 0 || field.Contains("._id", StringComparison.Ordinal)))
        {
            throw Invalid("_id attribute cannot be indexed");
        }

        if (type != "persistent" && type != "hash" && type != "skiplist"
            && fields.Any(static field => field.Contains("[*]", StringComparison.Ordinal)))
        {
            throw Invalid("cannot index attribute with [*] expansion");
        }
    }

    /// <summary>An array of texts; null for anything else.</summary>
    private static List<string>? Names(JsonElement body, string attribute) =>
        body.Find(attribute) is { ValueKind: JsonValueKind.Array } array
        && array.EnumerateArray().All(static item => item.ValueKind == JsonValueKind.String)
            ? [.. array.EnumerateArray().Select(static item => item.GetString()!)]
            : null;

    private static void WriteFields(Utf8JsonWriter writer, JsonElement body) => writer.WriteValue("fields", body.GetProperty("fields"));

    private static void WriteStoredValues(Utf8JsonWriter writer, JsonElement body)
    {
        if (body.Find("storedValues") is not { } values)
        {
            return;
        }

        var names = Names(body, "storedValues");
        if (names is null || names.Count > 32 || names.Distinct(StringComparer.Ordinal).Count() != names.Count)
        {
            throw Invalid("storedValues must be an array of distinct attribute paths");
        }

        if (names.Count > 0)
        {
            writer.WriteValue("storedValues", values);
        }
    }

    private static void WritePersistent(Utf8JsonWriter writer, JsonElement body)
    {
        WriteFields(writer, body);
        writer.WriteBoolean("cacheEnabled"u8, body.FlagOf("cacheEnabled"));
        writer.WriteBoolean("deduplicate"u8, body.FlagOf("deduplicate", fallback: true));
        writer.WriteBoolean("estimates"u8, body.FlagOf("estimates", fallback: true));
        WriteStoredValues(writer, body);
    }

    private static void WriteGeo(Utf8JsonWriter writer, JsonElement body)
    {
        WriteFields(writer, body);
        var geoJson = body.FlagOf("geoJson");
        if (geoJson && body.GetProperty("fields").GetArrayLength() != 1)
        {
            throw Invalid("geoJson index must have exactly one attribute");
        }

        writer.WriteBoolean("geoJson"u8, geoJson);
        writer.WriteNumber("bestIndexedLevel"u8, (int)(body.NumberOf("bestIndexedLevel") ?? 17));
        writer.WriteNumber("worstIndexedLevel"u8, (int)(body.NumberOf("worstIndexedLevel") ?? 4));
        writer.WriteNumber("maxNumCoverCells"u8, (int)(body.NumberOf("maxNumCoverCells") ?? 8));
        writer.WriteBoolean("legacyPolygons"u8, body.FlagOf("legacyPolygons"));
    }

    private static void WriteFulltext(Utf8JsonWriter writer, JsonElement body)
    {
        WriteFields(writer, body);
        writer.WriteNumber("minLength"u8, (int)(body.NumberOf("minLength") ?? 2));
    }

    private static void WriteTtl(Utf8JsonWriter writer, JsonElement body)
    {
        if (body.Find("expireAfter") is not { ValueKind: JsonValueKind.Number } expireAfter || expireAfter.GetDouble() < 0)
        {
            throw Invalid("expireAfter attribute must be a non-negative number");
        }

        WriteFields(writer, body);
        writer.WriteValue("expireAfter", expireAfter);
        writer.WriteBoolean("estimates"u8, false);
    }

    private static void WriteMultiDimensional(Utf8JsonWriter writer, JsonElement body)
    {
        if (body.TextOf("fieldValueTypes") != "double")
        {
            throw Invalid("multi-dimensional index requires `fieldValueTypes` to be set to `double` - future releases might lift this requirement");
        }

        var isPrefixed = body.TextOf("type") == "mdi-prefixed";
        WriteFields(writer, body);
        writer.WriteString("fieldValueTypes"u8, "double"u8);
        writer.WriteBoolean("estimates"u8, isPrefixed && body.FlagOf("estimates", fallback: true));
        if (isPrefixed)
        {
            if (Names(body, "prefixFields") is not { Count: > 0 })
            {
                throw Invalid("prefixFields must be a non-empty array of attribute paths");
            }

            writer.WriteValue("prefixFields", body.GetProperty("prefixFields"));
        }

        WriteStoredValues(writer, body);
    }

    private static void WriteVector(Utf8JsonWriter writer, JsonElement body)
    {
        if (body.Find("params") is not { ValueKind: JsonValueKind.Object } parameters
            || parameters.NumberOf("dimension") is null or < 1
            || parameters.NumberOf("nLists") is null or < 1
            || parameters.TextOf("metric") is not ("cosine" or "l2" or "innerProduct"))
        {
            throw Invalid("vector index needs params with metric, dimension and nLists");
        }

        WriteFields(writer, body);
        writer.WriteStartObject("params"u8);
        foreach (var parameter in parameters.EnumerateObject())
        {
            parameter.WriteTo(writer);
        }

        foreach (var (name, value) in (ReadOnlySpan<(string, int)>)[("defaultNProbe", 1), ("trainingIterations", 25)])
        {
            if (parameters.Find(name) is null)
            {
                writer.WriteNumber(name, value);
            }
        }

        writer.WriteEndObject();
        writer.WriteNumber("parallelism"u8, (int)(body.NumberOf("parallelism") ?? 2));
        WriteStoredValues(writer, body);
    }
}
