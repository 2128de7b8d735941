using System.Buffers;
using System.Runtime.CompilerServices;
using MetisBackup.Arango.Client;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Revisions;

namespace MetisBackup.Arango.Dump;

/// <summary>
/// Lists the revisions of a collection at the point in time of a batch (arangodb-protocol 10.7). A batch that the server lost is not
/// noticed by this call: confirm it after the last read. Safe for several collections at once.
/// </summary>
public sealed class RevisionLister(ReplicationBatch batch)
{
    private const int RangesPerRequest = 4096;
    private const int FirstBuffer = 1024 * 1024;
    private readonly ReplicationBatch _batch = batch;

    /// <summary>
    /// The ids in some ranges, ascending, in blocks of at most 65,536 ids; each block is valid until the next is asked for. While the
    /// caller looks at one block, the next is on its way.
    /// </summary>
    /// <exception cref="MetisException">
    /// 12 rights; 16 the server failed, keeps no revisions of the collection (501), or breaks the protocol: ids outside of the ranges or not ascending.
    /// </exception>
    public async IAsyncEnumerable<RevisionBlock> ListAsync(
        string collection, IEnumerable<RevisionRange> ranges, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var abandoned = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var walk = new ListingWalk(RevisionRanges.Normalize(ranges));
        var ids = Array.Empty<ulong>();
#pragma warning disable CA2000 // every answer is awaited and disposed, the last one in the finally
        var next = walk.IsAtEnd ? null : RequestAsync(collection, walk, abandoned.Token);
        try
        {
            while (next is not null)
            {
                using var answer = await next;
                next = null;
                var count = answer.Take(walk, ref ids);
                next = walk.IsAtEnd ? null : RequestAsync(collection, walk, abandoned.Token);
#pragma warning restore CA2000
                if (count > 0)
                {
                    yield return new RevisionBlock(ids.AsMemory(0, count));
                }
            }
        }
        finally
        {
            if (next is not null)
            {
                await abandoned.CancelAsync();
                await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (next.IsCompletedSuccessfully)
                {
                    (await next).Dispose();
                }
            }
        }
    }

    private async Task<ListingAnswer> RequestAsync(string collection, ListingWalk walk, CancellationToken cancellationToken)
    {
        var body = RevisionRanges.Body(walk.Next(RangesPerRequest));
        var resume = walk.Resume is { } from ? $"&resumeHLC={from.ToHlc()}" : null;
        var path = $"/_api/replication/revisions/ranges?collection={ArangoClient.EncodeName(collection)}&batchId={_batch.Id}&encodeAsHLC=true{resume}";
        var response = await _batch.Client.SendAsync(
            ArangoRequest.WithJson(HttpMethod.Put, _batch.Database, path, body) with { Repeatable = true }, cancellationToken);
        var buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
        try
        {
            var length = 0;
            int read;
            while ((read = await response.EnsureSuccess().Body.ReadAsync(buffer.AsMemory(length), cancellationToken)) > 0)
            {
                length += read;
                if (length == buffer.Length)
                {
                    var larger = ArrayPool<byte>.Shared.Rent(checked(length * 2));
                    buffer.CopyTo(larger, 0);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }
            }

            return new ListingAnswer(response, buffer, length);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            response.Dispose();
            throw;
        }
    }

    /// <summary>An answer in pooled memory.</summary>
    private sealed class ListingAnswer(ArangoResponse response, byte[] buffer, int length) : IDisposable
    {
        public int Take(ListingWalk walk, ref ulong[] ids)
        {
            try
            {
                var (count, resume) = RangesAnswerReader.Read(buffer.AsSpan(0, length), ref ids);
                return walk.Accept(ids.AsSpan(0, count), resume);
            }
            catch (FormatException error)
            {
                throw response.Malformed(error.Message, error);
            }
        }

        public void Dispose()
        {
            ArrayPool<byte>.Shared.Return(buffer);
            response.Dispose();
        }
    }

    /// <summary>
    /// What is still to be listed. Ids are assigned to ranges by value: a follow-up asks for what is left of the range that was cut, so
    /// nothing depends on which array of an answer belongs to which range.
    /// </summary>
    private sealed class ListingWalk(List<RevisionRange> ranges)
    {
        private int _first;
        private int _asked;
        private ulong _last;
        private ulong _resumed;

        public bool IsAtEnd => _first == ranges.Count;

        /// <summary>
        /// Where the follow-up begins. It matters where a range of one id was widened: cut inside of it, the same body alone would bring the
        /// same answer. Null when it lies before the first range.
        /// </summary>
        public RevisionId? Resume { get; private set; }

        public List<RevisionRange> Next(int most)
        {
            _asked = Math.Min(most, ranges.Count - _first);
            return ranges.GetRange(_first, _asked);
        }

        /// <summary>Checks the ids of an answer, moves those that were wanted to the front, and returns their number.</summary>
        /// <exception cref="FormatException">The answer breaks the protocol.</exception>
        public int Accept(Span<ulong> ids, RevisionId? resume)
        {
            var (kept, range, end) = (0, _first, _first + _asked);
            foreach (var id in ids)
            {
                while (range < end && ranges[range].Max.Value < id && !IsWidened(ranges[range], id))
                {
                    range++;
                }

                if (range == end || (id < ranges[range].Min.Value && !IsWidened(ranges[range], id)))
                {
                    throw new FormatException("it lists a revision that was not asked for");
                }

                if (ranges[range].Contains(new RevisionId(id)))
                {
                    Require(id > _last, "its revisions do not ascend");
                    ids[kept++] = _last = id;
                }
            }

            Move(resume, end);
            return kept;
        }

        private void Move(RevisionId? resume, int end)
        {
            Resume = null;
            if (resume is not { } from)
            {
                _first = end;
                return;
            }

            Require(from.Value > _last && from.Value > _resumed && from >= ranges[_first].Min, "it goes on where it has been");
            _resumed = from.Value;
            while (_first < end && ranges[_first].Max < from)
            {
                _first++;
            }

            if (_first < end && ranges[_first].Min <= from)
            {
                ranges[_first] = ranges[_first] with { Min = from };
                Resume = from;
            }
        }

        private static bool IsWidened(RevisionRange range, ulong id) =>
            range.Min == range.Max && (id + 1 == range.Min.Value || (range.Min.Value == 1 && id == 2));

        private static void Require(bool holds, string fault)
        {
            if (!holds)
            {
                throw new FormatException(fault);
            }
        }
    }
}
