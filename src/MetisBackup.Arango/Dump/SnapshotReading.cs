using MetisBackup.Arango.Client;
using MetisBackup.Core.Revisions;

namespace MetisBackup.Arango.Dump;

/// <summary>The calls that describe the point in time of a batch: inventory, revision trees, revision lists.</summary>
public sealed class SnapshotReading(ReplicationBatch batch)
{
    private readonly ReplicationBatch _batch = batch;

    /// <summary>
    /// Reads the inventory. To be called right after the batch was opened: it is what makes the server keep the trees of that moment
    /// (arangodb-protocol 4.2, 10.6).
    /// </summary>
    public async Task<Inventory> ReadInventoryAsync(CancellationToken cancellationToken)
    {
        using var response = await _batch.Client.SendAsync(
            ArangoRequest.Get(_batch.Database, $"/_api/replication/inventory?includeSystem=true&includeFoxxQueues=false&batchId={_batch.Id}"),
            cancellationToken);
        if (response is { Status: 404, ErrorNumber: Protocol.ErrorNumber.ContextNotFound })
        {
            throw _batch.Lost();
        }

        var json = await response.EnsureSuccess().ReadBytesAsync(cancellationToken);
        try
        {
            return InventoryParser.Parse(json);
        }
        catch (FormatException error)
        {
            throw response.Malformed(error.Message.TrimEnd('.'), error);
        }
    }

    /// <summary>
    /// Number and hash of all revisions of a collection at the point in time, from its revision tree. To be asked once per collection.
    /// </summary>
    /// <returns>Null when the collection keeps no tree, or the server can no longer reconstruct it.</returns>
    public async Task<RevisionSummary?> ReadTreeRootAsync(string collection, CancellationToken cancellationToken) =>
        (await ReadTreeAsync(collection, cancellationToken))?.Summary;

    /// <summary>The whole revision tree of a collection at the point in time (arangodb-protocol 10.6). To be asked once per collection.</summary>
    /// <returns>Null when the collection keeps no tree, or the server can no longer reconstruct it.</returns>
    /// <exception cref="Core.Errors.MetisException">12 rights; 16 the server failed, the batch is lost, or the answer is no tree.</exception>
    public async Task<RevisionTree?> ReadTreeAsync(string collection, CancellationToken cancellationToken)
    {
        using var response = await _batch.Client.SendAsync(
            ArangoRequest.Get(
                _batch.Database,
                $"/_api/replication/revisions/tree?collection={ArangoClient.EncodeName(collection)}&onlyPopulated=true&batchId={_batch.Id}"),
            cancellationToken);
        switch (response.Status, response.ErrorNumber)
        {
            case (501, _):
                return null;
            case (500, Protocol.ErrorNumber.Internal):
                // Also the answer for a lost batch.
                await _batch.ConfirmAliveAsync(cancellationToken);
                return null;
            default:
                var json = await response.EnsureSuccess().ReadBytesAsync(cancellationToken);
                return Parse(response, json);
        }
    }

    /// <summary>
    /// Number and hash of all revisions at the point in time, from the list of revisions: where a tree got lost.
    /// </summary>
    /// <returns>Null when the collection keeps no revisions that can be listed.</returns>
    public async Task<RevisionSummary?> ReadRevisionSummaryAsync(string collection, CancellationToken cancellationToken)
    {
        var summary = RevisionSummary.Empty;
        var start = "_";
        while (start is not null)
        {
            var path = $"/_api/replication/revisions/ranges?collection={ArangoClient.EncodeName(collection)}&batchId={_batch.Id}&encodeAsHLC=true";
            var body = System.Text.Encoding.ASCII.GetBytes($"[[\"{start}\",\"N9999999998\"]]");
            using var response = await _batch.Client.SendAsync(
                ArangoRequest.WithJson(HttpMethod.Put, _batch.Database, path, body) with { Repeatable = true }, cancellationToken);
            if (response.Status == 501)
            {
                return null;
            }

            var answer = await response.EnsureSuccess().ReadJsonAsync(Protocol.ProtocolJson.Default.RangesAnswer, cancellationToken);
            summary = (answer.Ranges ?? []).SelectMany(static ids => ids).Aggregate(summary, static (sum, id) => sum.With(RevisionId.ParseHlc(id)));
            start = answer.ResumeHlc is { Length: > 0 } next && next != start ? next : null;
        }

        return summary;
    }

    private static RevisionTree Parse(ArangoResponse response, byte[] json)
    {
        try
        {
            return RevisionTree.Parse(json);
        }
        catch (RevisionTreeException error)
        {
            throw response.Malformed(error.Message.TrimEnd('.'), error);
        }
    }
}
