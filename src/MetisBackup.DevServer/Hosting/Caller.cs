using MetisBackup.DevServer.Engine;

namespace MetisBackup.DevServer.Hosting;

/// <summary>Who sent a request and what that one may do.</summary>
/// <param name="Account">Null for a superuser: authentication is off, or the token was made from the server's secret.</param>
/// <param name="Authenticated">False for a request without valid credentials to a path that needs none.</param>
internal sealed record Caller(UserAccount? Account, bool Authenticated)
{
    /// <summary>Everybody, when authentication is off.</summary>
    public static readonly Caller Superuser = new(null, Authenticated: true);

    public static readonly Caller Nobody = new(null, Authenticated: false);

    public bool IsSuperuser => Authenticated && Account is null;

    /// <summary>The user's name; empty for a superuser.</summary>
    public string Name => Account?.Name ?? "";

    /// <summary>Has <c>rw</c> on <c>_system</c>: may administrate the server.</summary>
    public bool IsAdmin => Level("_system") == AccessLevel.ReadWrite;

    public AccessLevel Level(string database) =>
        Account?.Level(database) ?? (Authenticated ? AccessLevel.ReadWrite : AccessLevel.None);

    public AccessLevel Level(string database, string collection) =>
        Account?.Level(database, collection) ?? (Authenticated ? AccessLevel.ReadWrite : AccessLevel.None);

    /// <summary>Passes callers with at least this level on the database.</summary>
    /// <exception cref="ArangoException">403/E11 below this level.</exception>
    public void RequireDatabase(string database, AccessLevel level)
    {
        if (Level(database) < level)
        {
            throw ArangoErrors.Forbidden();
        }
    }

    /// <summary>Passes callers with at least this level on the collection.</summary>
    /// <exception cref="ArangoException">403/E11 without any right; 403/E1004 for a write with <c>ro</c> alone.</exception>
    public void RequireCollection(string database, string collection, AccessLevel level)
    {
        var granted = Level(database, collection);
        if (granted >= level)
        {
            return;
        }

        var mode = level == AccessLevel.ReadWrite ? "write" : "read";
        throw granted == AccessLevel.None
            ? ArangoErrors.Forbidden($"forbidden: {collection} [{mode}]")
            : new ArangoException(403, 1004, $"read only: {collection} [{mode}]");
    }

    /// <summary>Passes administrators of the server.</summary>
    /// <exception cref="ArangoException">403/E11 for everybody but administrators of the server.</exception>
    public void RequireAdmin()
    {
        if (!IsAdmin)
        {
            throw ArangoErrors.Forbidden();
        }
    }
}
