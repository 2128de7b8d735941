using MetisBackup.Arango.Protocol;

namespace MetisBackup.Arango.Client;

/// <summary>What a server says about itself.</summary>
/// <param name="Version">Version text.</param>
/// <param name="License">community or enterprise; null when it does not tell.</param>
/// <param name="Engine">Storage engine; null when it does not tell.</param>
/// <param name="Role">SINGLE, PRIMARY and so on; null when it does not tell.</param>
public sealed record ServerDescription(string Version, string? License, string? Engine, string? Role);

/// <summary>What one account may do.</summary>
public sealed class AccountRights(IReadOnlyDictionary<string, DatabaseRights> databases)
{
    private readonly IReadOnlyDictionary<string, DatabaseRights> _databases = databases;

    /// <summary>It may administrate the server: <c>rw</c> on <c>_system</c>.</summary>
    public bool IsAdministrator => Level("_system") == "rw";

    /// <summary>rw, ro or none.</summary>
    public string Level(string database) =>
        Find(database)?.Permission is { } own and not "undefined" ? own : Find("*")?.Permission ?? "none";

    /// <summary>
    /// Names of the collections that the server lists for the account, those that it may not read too; empty when it lists none.
    /// </summary>
    public IEnumerable<string> Collections(string database) =>
        Find(database)?.Collections?.Keys.Where(static name => name != "*") ?? [];

    /// <summary>Level of collections that have no grant of their own: a right on the database alone is none on its collections.</summary>
    public string CollectionDefault(string database) => Grant(database, "*") ?? Grant("*", "*") ?? "none";

    private string? Grant(string database, string collection) =>
        Find(database)?.Collections?.GetValueOrDefault(collection) is { } grant and not "undefined" ? grant : null;

    private DatabaseRights? Find(string database) => _databases.GetValueOrDefault(database);
}
