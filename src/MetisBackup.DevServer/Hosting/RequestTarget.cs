namespace MetisBackup.DevServer.Hosting;

/// <summary>The raw request target taken apart (arangodb-protocol 1.2): nothing is decoded before the path is split.</summary>
internal readonly record struct RequestTarget(string Database, string Path, string Query, IReadOnlyList<string> Segments)
{
    /// <summary>Takes a request target apart.</summary>
    /// <param name="target">Path and query as they stand in the request line; the absolute form is accepted too.</param>
    public static RequestTarget Parse(string target)
    {
        if (!target.StartsWith('/') && Uri.TryCreate(target, UriKind.Absolute, out var absolute))
        {
            target = absolute.PathAndQuery;
        }

        var question = target.IndexOf('?', StringComparison.Ordinal);
        var path = question < 0 ? target : target[..question];
        var query = question < 0 ? "" : target[(question + 1)..];
        var database = "_system";
        if (path.StartsWith("/_db/", StringComparison.Ordinal))
        {
            var end = path.IndexOf('/', 5);
            database = Uri.UnescapeDataString(end < 0 ? path[5..] : path[5..end]);
            path = end < 0 ? "/" : path[end..];
        }

        var segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < segments.Length; i++)
        {
            segments[i] = Uri.UnescapeDataString(segments[i]);
        }

        return new RequestTarget(database, path, query, segments);
    }
}
