using MetisBackup.DevServer.Engine;

namespace MetisBackup.DevServer.Aql;

/// <summary>The errors of queries, worded and numbered as the server does (arangodb-protocol 11.3).</summary>
internal static class AqlErrors
{
    public const int Parse = 1501;
    public const int DivisionByZero = 1562;
    public const int ArrayExpected = 1563;
    public const int ResourceLimit = 32;

    public static ArangoException Empty() => new(400, 1502, "query is empty");

    /// <summary>An attribute of a request has the wrong type.</summary>
    public static ArangoException WrongType(string message) => new(400, 17, message);

    public static ArangoException UnknownCollection(string name) => new(404, 1203, "collection or view not found: " + name);

    public static ArangoException MissingBindParameter(string name) =>
        Bad(1551, $"no value specified for declared bind parameter '{name}'");

    public static ArangoException UndeclaredBindParameter(string name) =>
        Bad(1552, $"bind parameter '{name}' was not declared in the query");

    public static ArangoException InvalidBindParameter(string name) =>
        Bad(1553, $"bind parameter '{name}' has an invalid value or type");

    public static ArangoException UnknownFunction(string name) => Bad(1540, $"usage of unknown function '{name}()'");

    public static ArangoException ArgumentCount(string name, int minimum, int maximum) => Bad(
        1541, $"invalid number of arguments for function '{name}()', expected number of arguments: minimum: {minimum}, maximum: {maximum}");

    public static ArangoException Redeclared(string name) => Bad(1511, $"variable '{name}' is assigned multiple times");

    public static ArangoException Bad(int number, string text) => new(400, number, text);

    /// <summary>Syntax that the real server knows and this one does not.</summary>
    public static ArangoException NotSupported(string what) => new(501, 9, what + " is not supported by the development server");

    /// <summary>A failure of a running query; <paramref name="nodes"/> names the plan nodes, such as <c>[node #3: RemoveNode]</c>.</summary>
    public static ArangoException WhileExecuting(ArangoException cause, string nodes) =>
        new(cause.Status, cause.ErrorNumber, $"AQL: {cause.Message} {nodes} (while executing)");

    /// <summary>The syntax error for <paramref name="token"/>, with the text around it and its line and column.</summary>
    public static ArangoException Unexpected(string query, AqlToken token) => At(query, token.Start, "syntax error, unexpected " + token.Description);

    /// <summary>A parse error with the position that the server appends.</summary>
    public static ArangoException At(string query, int offset, string text)
    {
        var line = 1;
        var column = 1;
        for (var i = 0; i < offset; i++)
        {
            (line, column) = query[i] == '\n' ? (line + 1, 1) : (line, column + 1);
        }

        const int snippet = 32;
        var region = query.Length < offset + snippet + 3 ? query[offset..] : string.Concat(query.AsSpan(offset, snippet), "...");
        return Bad(Parse, $"{text} near '{region}' at position {line}:{column}");
    }
}
