using System.Globalization;
using MetisBackup.Arango.Client;
using MetisBackup.Arango.Protocol;
using MetisBackup.Core.Errors;

namespace MetisBackup.Arango.Dump;

/// <summary>
/// Streams the documents of one collection at the point in time of a batch as JSON Lines, byte for byte as the server sends them
/// (arangodb-protocol 6). One request is on its way at a time, because the cursor lives on the server; several collections may be read
/// at once.
/// </summary>
public sealed class CollectionDumpReader(ReplicationBatch batch)
{
    /// <summary>Usual size of a block in bytes; a longer document makes a longer block.</summary>
    public const int BlockSize = 1024 * 1024;

    private const int FirstChunk = 1024 * 1024;
    private const int LargestChunk = 8 * 1024 * 1024;
    private readonly ReplicationBatch _batch = batch;

    /// <summary>Reads the whole collection.</summary>
    /// <param name="collection">Its name.</param>
    /// <param name="receive">Takes each block in turn and gives it back by disposing it; waiting holds the server back.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <exception cref="MetisException">12 rights, 16 server failed, batch lost or collection dropped.</exception>
    public async Task ReadAsync(string collection, Func<DumpBlock, CancellationToken, ValueTask> receive, CancellationToken cancellationToken)
    {
        var name = ArangoClient.EncodeName(collection);
        var chunk = FirstChunk;
        var more = true;
        var last = 0L;
        while (more)
        {
            using var response = await RequestAsync(collection, name, chunk, cancellationToken);
            more = ReadMore(response, ref last);
            if (response.Status != 204)
            {
                await ReadBlocksAsync(response, receive, cancellationToken);
            }

            chunk = Math.Min(chunk * 2, LargestChunk);
        }
    }

    private async Task<ArangoResponse> RequestAsync(string collection, string encodedName, int chunk, CancellationToken cancellationToken)
    {
        // Not repeatable: the cursor on the server moves on with every answer, also with one that got lost.
        var request = new ArangoRequest
        {
            Method = HttpMethod.Get,
            Database = _batch.Database,
            Path = string.Create(
                CultureInfo.InvariantCulture,
                $"/_api/replication/dump?collection={encodedName}&batchId={_batch.Id}&useEnvelope=false&chunkSize={chunk}"),
            Accept = "application/x-arango-dump",
        };
        var response = await _batch.Client.SendAsync(request, cancellationToken);
        if (response.IsSuccess)
        {
            return response;
        }

        using (response)
        {
            throw (response.Status, response.ErrorNumber) switch
            {
                (404, ErrorNumber.CollectionNotFound) => new MetisException(
                    ErrorCode.ServerFailed,
                    $"Collection {collection} of database {_batch.Database} was dropped while it was being read.",
                    "run the same command again"),
                (404, _) => _batch.Lost(),
                _ => response.Failure(),
            };
        }
    }

    /// <summary>Whether the server has more; also checks that the answer is a dump and that the cursor moves.</summary>
    private static bool ReadMore(ArangoResponse response, ref long last)
    {
        if (!string.Equals(response.MediaType, "application/x-arango-dump", StringComparison.OrdinalIgnoreCase) && response.Status != 204)
        {
            throw response.Malformed($"its media type is {response.MediaType ?? "missing"}");
        }

        var more = response.Header("x-arango-replication-checkmore") switch
        {
            "true" => response.Status != 204,
            "false" => false,
            _ => throw response.Malformed("it does not say whether there is more"),
        };
        if (!long.TryParse(response.Header("x-arango-replication-lastincluded"), CultureInfo.InvariantCulture, out var included))
        {
            throw response.Malformed("it does not say how far it got");
        }

        if (more && included <= last)
        {
            throw response.Malformed("its cursor does not move");
        }

        last = included;
        return more;
    }

    private static async Task ReadBlocksAsync(
        ArangoResponse response, Func<DumpBlock, CancellationToken, ValueTask> receive, CancellationToken cancellationToken)
    {
        var rest = response.Length;
        var carried = DumpBlock.Rent(BlockSize);
        try
        {
            while (true)
            {
                var read = await carried.FillAsync(response.Body, cancellationToken);
                rest -= read;
                if (carried.IsFull && carried.LastLineEnd == 0)
                {
                    carried = carried.MoveToLarger(rest);
                    continue;
                }

                var isEnd = !carried.IsFull;
                if (isEnd && carried.LastLineEnd != carried.Length)
                {
                    throw response.Malformed("it ends inside a document");
                }

                var block = carried;
                carried = block.SplitAfterLastLine(BlockSize);
                await HandOverAsync(block, receive, cancellationToken);
                if (isEnd)
                {
                    return;
                }
            }
        }
        finally
        {
            carried.Dispose();
        }
    }

    private static ValueTask HandOverAsync(
        DumpBlock block, Func<DumpBlock, CancellationToken, ValueTask> receive, CancellationToken cancellationToken)
    {
        if (block.Length > 0)
        {
            return receive(block, cancellationToken);
        }

        block.Dispose();
        return default;
    }
}
