namespace MetisBackup.Storage.Zfs;

/// <summary>What somebody may do by <c>zfs allow</c>.</summary>
/// <param name="Scope"><c>-l</c>, <c>-d</c> or <c>-ld</c>: the data set itself, those below it, both.</param>
/// <param name="Who"><c>-u NAME</c>, <c>-g NAME</c> or <c>-e</c>, as arguments.</param>
/// <param name="Permissions">Between commas.</param>
public sealed record ZfsDelegation(string Scope, IReadOnlyList<string> Who, string Permissions);

/// <summary>Parser of <c>zfs allow DATASET</c>.</summary>
public static class ZfsDelegations
{
    private const string Heading = "---- Permissions on ";

    /// <summary>What was granted on the data set itself, not on one above it. Lines of other kinds (named sets, create time) are left out.</summary>
    public static IReadOnlyList<ZfsDelegation> Parse(string dataset, string text)
    {
        var found = new List<ZfsDelegation>();
        var own = false;
        string? scope = null;
        foreach (var line in ZfsTable.Lines(text))
        {
            if (line.StartsWith(Heading, StringComparison.Ordinal))
            {
                own = line[Heading.Length..].TrimEnd('-', ' ') == dataset.TrimEnd('-', ' ');
                scope = null;
            }
            else if (!line.StartsWith('\t'))
            {
                scope = ScopeOf(line);
            }
            else if (own && scope is not null && Grant(scope, line.Trim().Split(' ')) is { } grant)
            {
                found.Add(grant);
            }
        }

        return found;
    }

    private static string? ScopeOf(string line) => line switch
    {
        "Local permissions:" => "-l",
        "Descendent permissions:" => "-d",
        "Local+Descendent permissions:" => "-ld",
        _ => null,
    };

    private static ZfsDelegation? Grant(string scope, string[] words) => words switch
    {
        ["user", var name, var permissions] => new ZfsDelegation(scope, ["-u", name], permissions),
        ["group", var name, var permissions] => new ZfsDelegation(scope, ["-g", name], permissions),
        ["everyone", var permissions] => new ZfsDelegation(scope, ["-e"], permissions),
        _ => null,
    };
}
