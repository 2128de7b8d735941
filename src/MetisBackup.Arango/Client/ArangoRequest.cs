namespace MetisBackup.Arango.Client;

/// <summary>One call.</summary>
public sealed record ArangoRequest
{
    /// <summary>HTTP method.</summary>
    public required HttpMethod Method { get; init; }

    /// <summary>The database it runs in; null leaves out the <c>/_db/…</c> prefix.</summary>
    public string? Database { get; init; }

    /// <summary>Path and query behind the prefix, beginning with <c>/</c>, already percent-encoded.</summary>
    public required string Path { get; init; }

    /// <summary>Makes the body anew for every try; null sends none. The body must know its length (arangodb-protocol 1.1).</summary>
    public Func<HttpContent>? Body { get; init; }

    /// <summary>Sending it twice ends in the same state, so it may be repeated after a lost answer.</summary>
    public bool Repeatable { get; init; }

    /// <summary>How long until the answer begins; null for the default of the connection.</summary>
    public TimeSpan? AnswerTimeout { get; init; }

    /// <summary>Media type asked for; null for JSON.</summary>
    public string? Accept { get; init; }

    /// <summary>Text of the <c>x-arango-hlc</c> header (arangodb-protocol 11.1).</summary>
    public string? Clock { get; init; }

    /// <summary>A repeatable GET.</summary>
    public static ArangoRequest Get(string? database, string path) =>
        new() { Method = HttpMethod.Get, Database = database, Path = path, Repeatable = true };

    /// <summary>A call with a JSON body in UTF-8.</summary>
    public static ArangoRequest WithJson(HttpMethod method, string? database, string path, ReadOnlyMemory<byte> json) =>
        new() { Method = method, Database = database, Path = path, Body = () => JsonBody(json) };

    private static ReadOnlyMemoryContent JsonBody(ReadOnlyMemory<byte> json)
    {
        var content = new ReadOnlyMemoryContent(json);
        content.Headers.ContentType = new System.Net.Http.Headers.MediaTypeHeaderValue("application/json", "utf-8");
        return content;
    }
}
