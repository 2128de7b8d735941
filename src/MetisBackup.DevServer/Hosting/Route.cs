namespace MetisBackup.DevServer.Hosting;

/// <summary>One line of the <see cref="RouteTable"/>.</summary>
internal sealed class Route
{
    private const int MaxParts = 12;
    private readonly string[] _parts;
    private readonly bool _hasTail;

    public Route(string pattern, RequestHandler handler, RouteAccess access)
    {
        var space = pattern.IndexOf(' ', StringComparison.Ordinal);
        Method = pattern[..space];
        Handler = handler;
        Access = access;
        _parts = pattern[(space + 1)..].Split('/', StringSplitOptions.RemoveEmptyEntries);
        _hasTail = _parts.Length > 0 && _parts[^1].StartsWith("{*", StringComparison.Ordinal);
        var literals = _parts.TakeWhile(part => part[0] != '{').Take(2).ToArray();
        Group = string.Join('/', literals);
        for (var i = 0; i < MaxParts; i++)
        {
            Rank = (Rank * 4) + Weight(i);
        }
    }

    public string Method { get; }

    public RequestHandler Handler { get; }

    public RouteAccess Access { get; }

    /// <summary>Up to two leading literal parts, for a quick look-up.</summary>
    public string Group { get; }

    /// <summary>Orders routes by how exactly they match, part by part.</summary>
    public long Rank { get; }

    public bool Matches(IReadOnlyList<string> segments)
    {
        var length = _hasTail ? _parts.Length - 1 : _parts.Length;
        if (_hasTail ? segments.Count < length : segments.Count != length)
        {
            return false;
        }

        for (var i = 0; i < length; i++)
        {
            if (_parts[i][0] != '{' && _parts[i] != segments[i])
            {
                return false;
            }
        }

        return true;
    }

    public RouteValues Values(IReadOnlyList<string> segments)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < _parts.Length; i++)
        {
            var part = _parts[i];
            if (part[0] != '{')
            {
                continue;
            }

            if (part[1] == '*')
            {
                values[part[2..^1]] = string.Join('/', segments.Skip(i));
            }
            else
            {
                values[part[1..^1]] = segments[i];
            }
        }

        return new RouteValues(values);
    }

    private int Weight(int part)
    {
        if (part >= _parts.Length)
        {
            return _hasTail ? 0 : 1;
        }

        return _parts[part][0] != '{' ? 3 : _parts[part][1] != '*' ? 2 : 0;
    }
}
