using MetisBackup.DevServer.Engine;

namespace MetisBackup.DevServer.Hosting;

/// <summary>The decoded query of a request; names are case-sensitive, the last of equal names counts.</summary>
internal sealed class QueryParameters
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    /// <summary>Takes a query apart.</summary>
    /// <param name="query">The part behind the question mark as it was sent.</param>
    public QueryParameters(ReadOnlySpan<char> query)
    {
        foreach (var range in query.Split('&'))
        {
            var pair = query[range];
            if (pair.IsEmpty)
            {
                continue;
            }

            var equals = pair.IndexOf('=');
            var name = equals < 0 ? pair : pair[..equals];
            var value = equals < 0 ? [] : pair[(equals + 1)..];
            _values[Decode(name)] = Decode(value);
        }
    }

    public bool Has(string name) => _values.ContainsKey(name);

    /// <summary>The value; null where the parameter is missing.</summary>
    public string? Text(string name) => _values.GetValueOrDefault(name);

    /// <summary>True for <c>true</c>, <c>yes</c>, <c>on</c>, <c>y</c>, <c>1</c> in any case; everything else is false.</summary>
    public bool Flag(string name, bool fallback = false) => OptionalFlag(name) ?? fallback;

    /// <summary>As <see cref="Flag"/>; null where the parameter is missing.</summary>
    public bool? OptionalFlag(string name) =>
        _values.TryGetValue(name, out var value) ? value.Trim().ToLowerInvariant() is "true" or "yes" or "on" or "y" or "1" : null;

    /// <summary>The value as an unsigned number; null where it is missing.</summary>
    /// <exception cref="ArangoException">400/E10 for anything but digits.</exception>
    public ulong? Number(string name)
    {
        if (!_values.TryGetValue(name, out var value))
        {
            return null;
        }

        return ulong.TryParse(value, out var number) ? number : throw ArangoErrors.BadParameter($"invalid value for parameter '{name}'");
    }

    private static string Decode(ReadOnlySpan<char> text)
    {
        var plain = text.ToString().Replace('+', ' ');
        return plain.Contains('%', StringComparison.Ordinal) ? Uri.UnescapeDataString(plain) : plain;
    }
}
