using MetisBackup.Arango.Client;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;
using MetisBackup.Core.Planning;
using MetisBackup.Storage.Store;

namespace MetisBackup.App.Operations.Restoring;

/// <summary>Checks at the door whether what is asked for can be restored there at all.</summary>
internal static class RestoreTarget
{
    /// <summary>Passes collections that the snapshot holds and the database may have.</summary>
    /// <exception cref="MetisException">2 one that does not belong there, 10 one that the snapshot does not hold.</exception>
    public static void RequireCollections(IReadOnlyList<string> collections, SnapshotReader reader, string database)
    {
        var held = reader.Manifest.Collections.Select(static one => one.Name).ToHashSet(StringComparer.Ordinal);
        var unknown = collections.Where(name => !held.Contains(name)).Select(QuotedName.Of).ToList();
        if (unknown.Count > 0)
        {
            throw new MetisException(
                ErrorCode.NotFound,
                $"Snapshot {reader.Entry.Name} holds no collection {string.Join(", ", unknown)}.",
                $"it holds {string.Join(", ", held.Where(static name => name[0] != '_').Order(StringComparer.Ordinal).Take(20))}");
        }

        if (collections.FirstOrDefault(name => !SystemCollections.CanBeRestoredInto(name, database)) is { } misplaced)
        {
            throw new MetisException(
                ErrorCode.Usage,
                $"Collection {QuotedName.Of(misplaced)} cannot be restored into database {QuotedName.Of(database)}: the server keeps accounts in {SystemCollections.Database} only.",
                $"leave out --collection {misplaced}, or restore into {SystemCollections.Database}");
        }
    }

    /// <summary>Whether the target exists; fails before anything is touched when it could not be written to.</summary>
    /// <exception cref="MetisException">12 rights, 16 the server is read-only or fails.</exception>
    public static async Task<bool> RequireAccessAsync(ArangoClient client, string database, CancellationToken cancellationToken)
    {
        var exists = await new ServerInquiry(client, database).DatabaseExistsAsync(cancellationToken);
        var inquiry = new ServerInquiry(client, exists ? database : null);
        await inquiry.DescribeAsync(cancellationToken);
        await inquiry.RequireWritableAsync(cancellationToken);
        return await inquiry.ReadRightsAsync(cancellationToken) is { IsAdministrator: false }
            ? throw new MetisException(
                ErrorCode.Denied,
                $"User {client.User} may not restore into database {database}: system collections can be written by administrators only.",
                $"use an administrator, or grant rw on _system: PUT /_api/user/{client.User}/database/_system with {{\"grant\":\"rw\"}}")
            : exists;
    }
}
