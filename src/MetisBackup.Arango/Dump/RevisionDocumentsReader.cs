using System.Buffers;
using System.Runtime.CompilerServices;
using MetisBackup.Arango.Client;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Revisions;

namespace MetisBackup.Arango.Dump;

/// <summary>
/// Fetches the documents of given revisions at the point in time of a batch as JSON Lines, byte for byte (arangodb-protocol 10.8).
/// A batch that the server lost shows itself as a missing document or not at all: confirm it after the last read.
/// </summary>
public sealed class RevisionDocumentsReader(ReplicationBatch batch)
{
    /// <summary>Most ids of one request: what the server's own follower asks for.</summary>
    public const int MostPerRequest = 5000;

    private const int FewestPerRequest = 50;
    private const int RequestsInFlight = 3;
    private const int AnswerBytes = 2 * 1024 * 1024;
    private readonly ReplicationBatch _batch = batch;

    /// <summary>
    /// The documents in the order of <paramref name="revisions"/>, which is walked once; ascending ids are cheapest. Blocks of a few MiB,
    /// or one larger document; the caller disposes each. A few requests are on their way at a time.
    /// </summary>
    /// <exception cref="MetisException">12 rights; 16 the server failed, the batch is lost, or a document is missing.</exception>
    public async IAsyncEnumerable<DumpBlock> ReadAsync(
        string collection, IEnumerable<ulong> revisions, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var abandoned = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var source = revisions.GetEnumerator();
        var flight = new LinkedList<Task<Portion>>();
        var most = MostPerRequest;
        try
        {
            while (true)
            {
                while (flight.Count < RequestsInFlight && Take(source, most) is { Length: > 0 } ids)
                {
                    flight.AddLast(RequestAsync(collection, ids, abandoned.Token));
                }

                if (flight.First is not { } first)
                {
                    yield break;
                }

                var portion = await first.Value;
                flight.RemoveFirst();
                if (!portion.Missing.IsEmpty)
                {
                    // The answer was cut at its largest size: ask for the rest, and for fewer from now on.
                    most = Math.Clamp(portion.Documents, FewestPerRequest, MostPerRequest);
                    flight.AddFirst(RequestAsync(collection, portion.Missing, abandoned.Token));
                }

                yield return portion.Block;
            }
        }
        finally
        {
            await abandoned.CancelAsync();
            foreach (var unread in flight)
            {
                await ((Task)unread).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (unread.IsCompletedSuccessfully)
                {
                    (await unread).Block.Dispose();
                }
            }
        }
    }

    private static ulong[] Take(IEnumerator<ulong> source, int most)
    {
        var ids = new List<ulong>();
        while (ids.Count < most && source.MoveNext())
        {
            ids.Add(source.Current);
        }

        return [.. ids];
    }

    private async Task<Portion> RequestAsync(string collection, ReadOnlyMemory<ulong> ids, CancellationToken cancellationToken)
    {
        var path = $"/_api/replication/revisions/documents?collection={ArangoClient.EncodeName(collection)}&batchId={_batch.Id}&encodeAsHLC=true&chunkSize={AnswerBytes}";
        using var response = await _batch.Client.SendAsync(
            ArangoRequest.WithJson(HttpMethod.Put, _batch.Database, path, Body(ids.Span)) with { Repeatable = true }, cancellationToken);
#pragma warning disable CA2000 // disposed on every fault, else by the caller
        var block = await DumpBlock.ReadAllAsync(response.EnsureSuccess(), cancellationToken);
#pragma warning restore CA2000
        try
        {
            var (length, documents) = DocumentsAnswer.ToLines(block.Writable, ids.Span);
            if (documents == 0)
            {
                throw response.Malformed("it holds no document");
            }

            block.Cut(length);
            return new Portion(block, documents, ids[documents..]);
        }
        catch (RevisionGoneException gone)
        {
            block.Dispose();
            await _batch.ConfirmAliveAsync(cancellationToken);
            throw response.Malformed(gone.Message, gone);
        }
        catch (FormatException error)
        {
            block.Dispose();
            throw response.Malformed(error.Message, error);
        }
        catch
        {
            block.Dispose();
            throw;
        }
    }

    private static byte[] Body(ReadOnlySpan<ulong> ids)
    {
        var body = new ArrayBufferWriter<byte>((ids.Length * (RevisionId.MaxTextLength + 3)) + 2);
        foreach (var id in ids)
        {
            var text = body.GetSpan(RevisionId.MaxTextLength + 3);
            text[0] = body.WrittenCount == 0 ? (byte)'[' : (byte)',';
            text[1] = (byte)'"';
            var length = new RevisionId(id).WriteHlc(text[2..]);
            text[length + 2] = (byte)'"';
            body.Advance(length + 3);
        }

        body.Write("]"u8);
        return body.WrittenSpan.ToArray();
    }

    /// <summary>One answer, and the ids behind the point where it was cut.</summary>
    private sealed record Portion(DumpBlock Block, int Documents, ReadOnlyMemory<ulong> Missing);
}
