namespace MetisBackup.Core.Planning;

/// <summary>What is known about the server's own collections (arangodb-protocol 3.2, 9.4, 12).</summary>
public static class SystemCollections
{
    /// <summary>Accounts; only in the database <see cref="Database"/>.</summary>
    public const string Users = "_users";

    /// <summary>Named graphs.</summary>
    public const string Graphs = "_graphs";

    /// <summary>Custom analyzers.</summary>
    public const string Analyzers = "_analyzers";

    /// <summary>AQL user functions.</summary>
    public const string Functions = "_aqlfunctions";

    /// <summary>The database that administers the server.</summary>
    public const string Database = "_system";

    private static readonly HashSet<string> Definitions = new(StringComparer.Ordinal) { Graphs, Analyzers, Functions, "_apps", "_appbundles" };

    private static readonly HashSet<string> Private = new(StringComparer.Ordinal)
    {
        Users, "_jobs", "_queues", "_frontend", "_modules", "_routing", "_pregel_queries", "_configuration", "_sessions", "_foxxlog", "_fishbowl",
        "_cluster_kickstarter_plans",
    };

    /// <summary>Its documents define things of the database: graphs, analyzers, functions, services.</summary>
    public static bool HoldsDefinitions(string name) => Definitions.Contains(name);

    /// <summary>It belongs to the server and not to the data: never removed or emptied because a snapshot does not know it.</summary>
    public static bool IsPrivate(string name) => Private.Contains(name) || name.StartsWith("_statistics", StringComparison.Ordinal);

    /// <summary>The server's inventory leaves it out, so no snapshot holds it.</summary>
    public static bool IsNeverListed(string name) =>
        name.StartsWith("_statistics", StringComparison.Ordinal)
        || name is "_routing" or "_jobs" or "_queues" or "_configuration" or "_frontend" or "_cluster_kickstarter_plans" or "_fishbowl" or "_foxxlog" or "_sessions";

    /// <summary>Accounts are of use in the database of the server only.</summary>
    public static bool CanBeRestoredInto(string name, string database) => name != Users || database == Database;
}
