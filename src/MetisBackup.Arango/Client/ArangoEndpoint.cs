using MetisBackup.Core.Errors;

namespace MetisBackup.Arango.Client;

/// <summary>Where a server listens, in the spellings of the field (arangodb-protocol 1.1).</summary>
public sealed class ArangoEndpoint
{
    private ArangoEndpoint(Uri baseAddress, string? socketPath, string text)
    {
        BaseAddress = baseAddress;
        SocketPath = socketPath;
        Text = text;
    }

    /// <summary>Scheme, host and port that requests are addressed to.</summary>
    public Uri BaseAddress { get; }

    /// <summary>Path of the unix domain socket; null for TCP.</summary>
    public string? SocketPath { get; }

    /// <summary>For people: never holds a user name or a password.</summary>
    public string Text { get; }

    /// <summary>
    /// Reads <c>http://</c>, <c>https://</c>, <c>tcp://</c>, <c>ssl://</c>, <c>http+tcp://</c>, <c>http+ssl://</c>, <c>unix:///path</c> and
    /// <c>http+unix:///path</c>. Without a port, 8529.
    /// </summary>
    /// <exception cref="MetisException">2 when the text is none of these, or holds a user, a path, a query or a fragment.</exception>
    public static ArangoEndpoint Parse(string text)
    {
        var separator = text.IndexOf("://", StringComparison.Ordinal);
        var scheme = separator > 0 ? text[..separator].ToLowerInvariant() : "";
        var rest = separator > 0 ? text[(separator + 3)..] : "";
        if (scheme is "unix" or "http+unix")
        {
            return rest.StartsWith('/') && rest.Length is > 1 and < 108
                ? new ArangoEndpoint(new Uri("http://localhost/"), rest, $"unix://{rest}")
                : throw Malformed();
        }

        var web = scheme switch
        {
            "http" or "tcp" or "http+tcp" => "http",
            "https" or "ssl" or "http+ssl" => "https",
            _ => throw Malformed(),
        };
        if (!Uri.TryCreate($"{web}://{rest}", UriKind.Absolute, out var address)
            || address.UserInfo.Length > 0 || address.Host.Length == 0 || address.PathAndQuery is not ("/" or "") || address.Fragment.Length > 0)
        {
            throw Malformed();
        }

        var hasPort = rest.TrimEnd('/').LastIndexOf(':') > rest.LastIndexOf(']');
        var complete = hasPort ? address : new UriBuilder(address) { Port = 8529 }.Uri;
        return new ArangoEndpoint(complete, null, $"{web}://{complete.Host}:{complete.Port}");
    }

    /// <summary>
    /// What tells it from the endpoints of other machines: <c>host:port</c> or <c>host:/path</c>, in lower case but for the path, with the
    /// name of the machine in place of a loopback address, and without the dot that may end a name. However the server is spoken to, it is the same.
    /// </summary>
    /// <param name="machine">Name of the machine that calls.</param>
    public string AddressFrom(string machine)
    {
        var host = BaseAddress.Host.TrimEnd('.');
        return SocketPath is { } path
            ? $"{machine.ToLowerInvariant()}:{path}"
            : $"{(BaseAddress.IsLoopback || host == "localhost" ? machine : host).ToLowerInvariant()}:{BaseAddress.Port}";
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    private static MetisException Malformed() => new(
        ErrorCode.Usage,
        "The server endpoint is not a valid address.",
        "give it as http://host:port, https://host:port or unix:///path/to.sock, without user, password or path");
}
