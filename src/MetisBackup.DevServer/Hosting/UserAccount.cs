using System.Collections.Immutable;

namespace MetisBackup.DevServer.Hosting;

/// <summary>What a user may do: the grants of one document of <c>_users</c> (arangodb-protocol 2.3).</summary>
/// <param name="Name">The user's name.</param>
/// <param name="Active">False bars the user from everything.</param>
/// <param name="Databases">Grants by database name; <c>*</c> stands for every database without a grant of its own.</param>
internal sealed record UserAccount(string Name, bool Active, ImmutableDictionary<string, DatabaseGrant> Databases)
{
    /// <summary>The level on a database: its own grant, else that of <c>*</c>, else none.</summary>
    public AccessLevel Level(string database)
    {
        if (!Active)
        {
            return AccessLevel.None;
        }

        return Databases.TryGetValue(database, out var own) && own.Level is { } level
            ? level
            : Databases.GetValueOrDefault("*")?.Level ?? AccessLevel.None;
    }

    /// <summary>
    /// The level on a collection: its own grant, else the database's <c>*</c>, else that of database <c>*</c>. System collections follow the
    /// database, apart from the three with fixed levels.
    /// </summary>
    public AccessLevel Level(string database, string collection)
    {
        if (!Active)
        {
            return AccessLevel.None;
        }

        if (collection.StartsWith('_'))
        {
            return collection switch
            {
                "_users" => AccessLevel.None,
                "_queues" => AccessLevel.ReadOnly,
                "_frontend" => AccessLevel.ReadWrite,
                _ => Level(database),
            };
        }

        var own = Databases.GetValueOrDefault(database)?.Collections;
        if (own is not null && (own.TryGetValue(collection, out var level) || own.TryGetValue("*", out level)))
        {
            return level;
        }

        return Databases.TryGetValue("*", out var every) && every.Collections.TryGetValue("*", out level) ? level : AccessLevel.None;
    }
}

/// <summary>Grants on one database.</summary>
/// <param name="Level">Null where only collections have grants.</param>
/// <param name="Collections">Levels by collection name; <c>*</c> stands for those without a grant of their own.</param>
internal sealed record DatabaseGrant(AccessLevel? Level, ImmutableDictionary<string, AccessLevel> Collections);
