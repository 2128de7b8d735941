using System.Text.Json;
using MetisBackup.Arango.Client;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Planning;

namespace MetisBackup.Arango.Dump;

/// <summary>
/// Finds collections that an inventory silently left out because the caller may not read them (arangodb-protocol 4.1, 16.1): from the
/// server's list of rights, and from the names that graphs and views mention.
/// </summary>
public sealed class CoverageCheck(ReplicationBatch batch)
{
    private readonly ReplicationBatch _batch = batch;
    private readonly ServerInquiry _inquiry = new(batch.Client, batch.Database);

    /// <summary>Compares an inventory with what the account of the client may not see.</summary>
    /// <exception cref="MetisException">14 naming what is hidden, or the grant that would show that nothing is.</exception>
    public async Task RequireCompleteAsync(Inventory inventory, CancellationToken cancellationToken)
    {
        var rights = await _inquiry.ReadRightsAsync(cancellationToken);
        if (rights is null)
        {
            return;
        }

        var known = rights.Collections(_batch.Database).ToHashSet(StringComparer.Ordinal);
        var suspects = known
            .Concat([SystemCollections.Graphs, SystemCollections.Analyzers])
            .Concat(_batch.Database == SystemCollections.Database ? [SystemCollections.Users] : []);
        await RequireVisibleAsync(inventory, suspects, cancellationToken);
        var namesEverything = inventory.Collections.All(one => known.Contains(one.Name));
        if (!rights.IsAdministrator && !namesEverything && rights.CollectionDefault(_batch.Database) == "none")
        {
            throw new MetisException(
                ErrorCode.CoverageGap,
                $"User {_batch.Client.User} has no right on all collections of database {_batch.Database}, so hidden collections cannot be excluded.",
                $"use an administrator, or grant ro on all collections: PUT /_api/user/{_batch.Client.User}/database/{_batch.Database}/* with {{\"grant\":\"ro\"}}");
        }
    }

    /// <summary>Looks up names that something in the database refers to; one that does not exist at all is no gap.</summary>
    /// <exception cref="MetisException">14 naming the collections that exist but are hidden.</exception>
    public async Task RequireVisibleAsync(Inventory inventory, IEnumerable<string> names, CancellationToken cancellationToken)
    {
        var listed = inventory.Collections.Select(static one => one.Name).ToHashSet(StringComparer.Ordinal);
        var hidden = new List<string>();
        foreach (var name in names.Distinct(StringComparer.Ordinal).Where(name => !listed.Contains(name) && !SystemCollections.IsNeverListed(name)))
        {
            if (await _inquiry.IsHiddenAsync(name, cancellationToken))
            {
                hidden.Add(name);
            }
        }

        if (hidden.Count > 0)
        {
            throw new MetisException(
                ErrorCode.CoverageGap,
                $"User {_batch.Client.User} cannot read {(hidden.Count == 1 ? "collection" : "collections")} {string.Join(", ", hidden)} of database {_batch.Database}, so a snapshot would be incomplete.",
                $"use an administrator, or grant ro on each: PUT /_api/user/{_batch.Client.User}/database/{_batch.Database}/COLLECTION with {{\"grant\":\"ro\"}}");
        }
    }

    /// <summary>The collections that the views of an inventory take documents from.</summary>
    public static IEnumerable<string> CollectionsOf(ViewEntry view)
    {
        using var json = JsonDocument.Parse(view.Json);
        var names = new List<string>();
        if (json.RootElement.TryGetProperty("links"u8, out var links) && links.ValueKind == JsonValueKind.Object)
        {
            names.AddRange(links.EnumerateObject().Select(static link => link.Name));
        }

        if (json.RootElement.TryGetProperty("indexes"u8, out var indexes) && indexes.ValueKind == JsonValueKind.Array)
        {
            names.AddRange(indexes.EnumerateArray()
                .Where(static index => index.ValueKind == JsonValueKind.Object && index.TryGetProperty("collection"u8, out _))
                .Select(static index => index.GetProperty("collection"u8).GetString() ?? ""));
        }

        return names.Where(static name => name.Length > 0).Distinct(StringComparer.Ordinal);
    }
}
