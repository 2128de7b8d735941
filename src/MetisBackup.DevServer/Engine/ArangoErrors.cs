namespace MetisBackup.DevServer.Engine;

/// <summary>The errors that more than one room reports, with the texts of the real server.</summary>
internal static class ArangoErrors
{
    public static ArangoException BadParameter(string message) => new(400, 10, message);

    public static ArangoException HttpBadParameter(string message) => new(400, 400, message);

    public static ArangoException CorruptedJson(string message) => new(400, 600, message);

    /// <summary>Text that is not JSON, told in the words of the real server's parser as far as they are known.</summary>
    public static ArangoException InvalidJson(Exception problem) => CorruptedJson("VPackError error: " + problem.Message switch
    {
        var text when text.Contains("start of a property name", StringComparison.Ordinal) => "Expecting '\"' or '}'",
        var text when text.Contains("start of a value", StringComparison.Ordinal) => "Expecting digit",
        var text when text.Contains("single", StringComparison.OrdinalIgnoreCase) && text.Contains("after", StringComparison.Ordinal) => "Expecting EOF",
        var text when text.Contains("Expected end of string", StringComparison.Ordinal) => "Unfinished string",
        var text => text,
    });

    public static ArangoException Forbidden(string message = "forbidden") => new(403, 11, message);

    public static ArangoException ReadOnly() => new(403, 1004, "server is in read-only mode");

    public static ArangoException WriteConflict(string message = "conflict") => new(409, 1200, message);

    public static ArangoException DocumentNotFound() => new(404, 1202, "document not found");

    public static ArangoException CollectionNotFound(string name) => new(404, 1203, $"collection or view not found: {name}");

    public static ArangoException ViewNotFound() => new(404, 1203, "collection or view not found");

    public static ArangoException DuplicateName(string message = "duplicate name") => new(409, 1207, message);

    public static ArangoException IllegalName(string message = "illegal name") => new(400, 1208, message);

    public static ArangoException UniqueViolation(string message) => new(409, 1210, message);

    public static ArangoException IllegalKey(string message = "illegal document key") => new(400, 1221, message);

    public static ArangoException DatabaseNotFound() => new(404, 1228, "database not found");

    public static ArangoException EdgeAttributeMissing() => new(
        400,
        1233,
        "expecting both `_from` and `_to` attributes to be defined in the edge document and have the format `<collectionName>/<vertexKey>`");

    public static ArangoException CursorNotFound() => new(404, 1600, "cursor not found");
}
