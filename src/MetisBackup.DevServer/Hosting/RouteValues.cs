namespace MetisBackup.DevServer.Hosting;

/// <summary>What the placeholders of a route stand for in one request, decoded.</summary>
internal sealed class RouteValues(IReadOnlyDictionary<string, string> values)
{
    public static readonly RouteValues Empty = new(new Dictionary<string, string>(StringComparer.Ordinal));

    /// <summary>The value of a placeholder of the matched pattern.</summary>
    public string this[string name] => values[name];
}
