namespace MetisBackup.DevServer.Hosting;

/// <summary>Answers one request. What it throws as <see cref="Engine.ArangoException"/> becomes the error envelope.</summary>
internal delegate ValueTask<ArangoResponse> RequestHandler(ArangoRequest request, CancellationToken cancellationToken);

/// <summary>What a caller needs before the handler runs.</summary>
internal enum RouteAccess
{
    /// <summary>Any right on the database of the path; unknown databases are refused.</summary>
    Database,

    /// <summary>No credentials at all.</summary>
    Open,

    /// <summary>Valid credentials; rights on the database are the handler's business.</summary>
    Authenticated,
}

/// <summary>
/// Finds the handler of a request. A pattern is <c>METHOD /part/{placeholder}/{*tail}</c>: a placeholder stands for one part of the path,
/// a tail for any number of parts, none included. A literal part wins over a placeholder, a placeholder over a tail.
/// </summary>
internal sealed class RouteTable
{
    private readonly Dictionary<string, List<Route>> _groups = new(StringComparer.Ordinal);

    public void Map(string pattern, RequestHandler handler, RouteAccess access = RouteAccess.Database)
    {
        var route = new Route(pattern, handler, access);
        var group = _groups.TryGetValue(route.Group, out var found) ? found : _groups[route.Group] = [];
        var place = group.FindIndex(other => route.Rank > other.Rank);
        group.Insert(place < 0 ? group.Count : place, route);
    }

    /// <summary>The same for a handler that does not wait.</summary>
    public void Map(string pattern, Func<ArangoRequest, ArangoResponse> handler, RouteAccess access = RouteAccess.Database) =>
        Map(pattern, (request, _) => ValueTask.FromResult(handler(request)), access);

    /// <summary>Looks for the handler of a method and path.</summary>
    /// <returns>
    /// The route and its values; no route, and <c>PathKnown</c> tells whether the path exists under another method.
    /// </returns>
    public (Route? Route, RouteValues Values, bool PathKnown) Find(string method, IReadOnlyList<string> segments)
    {
        var known = false;
        foreach (var name in Groups(segments))
        {
            if (!_groups.TryGetValue(name, out var group))
            {
                continue;
            }

            foreach (var route in group)
            {
                if (!route.Matches(segments))
                {
                    continue;
                }

                known = true;
                if (route.Method == method || (method == "HEAD" && route.Method == "GET"))
                {
                    return (route, route.Values(segments), true);
                }
            }
        }

        return (null, RouteValues.Empty, known);
    }

    private static IEnumerable<string> Groups(IReadOnlyList<string> segments)
    {
        if (segments.Count >= 2)
        {
            yield return $"{segments[0]}/{segments[1]}";
        }

        if (segments.Count >= 1)
        {
            yield return segments[0];
        }

        yield return "";
    }
}
