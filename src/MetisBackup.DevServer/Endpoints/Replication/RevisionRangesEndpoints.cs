using System.Buffers;
using System.Text.Json;
using MetisBackup.Core.Revisions;
using MetisBackup.DevServer.Engine;
using MetisBackup.DevServer.Hosting;

namespace MetisBackup.DevServer.Endpoints.Replication;

/// <summary><c>PUT /_api/replication/revisions/ranges</c>: the revision ids inside ranges (arangodb-protocol 10.7).</summary>
internal sealed class RevisionRangesEndpoints(ServerContext server, ReplicationBatches batches)
{
    private const int IdsPerAnswer = 65_536;

    /// <summary>Bytes of an id with its quotes and comma, at most.</summary>
    private const int LongestItem = RevisionId.MaxTextLength + 3;

    public static void Map(RouteTable routes, ServerContext server, ReplicationBatches batches)
    {
        var endpoints = new RevisionRangesEndpoints(server, batches);
        routes.Map("PUT /_api/replication/revisions/ranges", endpoints.Read);
    }

    private ArangoResponse Read(ArangoRequest request)
    {
        var revisions = RevisionRequest.Read(request, server, batches);
        var ranges = RangesOf(request);
        if (ranges.Count == 0)
        {
            // the real handler reads the first range without looking whether there is one
            throw new ArangoException(500, 4, "Index out of bounds");
        }

        var resume = ResumeOf(request.Query);
        var asHlc = request.Query.Flag("encodeAsHLC");
        return revisions.ReadState(server, transaction => Answer(transaction, revisions.Collection, ranges, (resume, asHlc)));
    }

    private ArangoResponse Answer(
        ReadTransaction transaction, CollectionInfo collection, List<RevisionRange> ranges, (RevisionId Resume, bool AsHlc) options)
    {
        var left = Math.Min(server.Faults.RangesLimit ?? IdsPerAnswer, IdsPerAnswer);
        var current = FirstRange(ranges, options.Resume);
        var next = options.Resume;
        var output = new PooledBuffer(64 << 10);
        var ids = ArrayPool<ulong>.Shared.Rent(left);
        output.Append("{\"ranges\":["u8);
        for (var first = true; current < ranges.Count && left > 0; current++, first = false)
        {
            var range = ranges[current];
            var from = next > range.Min ? next : range.Min;
            var found = from > range.Max ? 0 : transaction.RevisionIds(collection, from, range.Max, ids.AsSpan(0, left));
            output.Append(first ? "["u8 : ",["u8);
            WriteIds(output, ids.AsSpan(0, found), options.AsHlc);
            output.Append((byte)']');
            left -= found;
            next = left == 0 ? new RevisionId(ids[found - 1] + 1) : new RevisionId(range.Max.Value + 1);
        }

        ArrayPool<ulong>.Shared.Return(ids);
        output.Append((byte)']');
        if (left == 0 && next <= ranges[^1].Max)
        {
            WriteResume(output, next);
        }

        output.Append((byte)'}');
        return ArangoResponse.FromBuffer(200, output);
    }

    /// <summary>The ids as texts with commas between them: by hand, since a collection may have millions. No form of an id needs escaping.</summary>
    private static void WriteIds(PooledBuffer output, ReadOnlySpan<ulong> ids, bool asHlc)
    {
        var block = output.GetSpan((ids.Length * LongestItem) + 1);
        var written = 0;
        foreach (var id in ids)
        {
            block[written++] = (byte)'"';
            var text = block[written..];
            written += asHlc ? new RevisionId(id).WriteHlc(text) : new RevisionId(id).WriteRev(text);
            block[written++] = (byte)'"';
            block[written++] = (byte)',';
        }

        output.Advance(Math.Max(written - 1, 0));
    }

    private static void WriteResume(PooledBuffer output, RevisionId next)
    {
        output.Append(",\"resume\":\""u8);
        output.Advance(next.WriteRev(output.GetSpan(RevisionId.MaxTextLength)));
        output.Append("\",\"resumeHLC\":\""u8);
        output.Advance(next.WriteHlc(output.GetSpan(RevisionId.MaxTextLength)));
        output.Append((byte)'"');
    }

    /// <summary>The last range that begins at or before the point to go on from.</summary>
    private static int FirstRange(List<RevisionRange> ranges, RevisionId resume)
    {
        var first = 0;
        while (first + 1 < ranges.Count && ranges[first + 1].Min <= resume)
        {
            first++;
        }

        return first;
    }

    private static RevisionId ResumeOf(QueryParameters query)
    {
        if (query.Text("resumeHLC") is { Length: > 0 } hlc)
        {
            return RevisionId.ParseHlc(hlc);
        }

        return query.Text("resume") is { Length: > 0 } text ? RevisionId.ParseRev(text) : default;
    }

    /// <summary>The ranges of the body: each rising, none before the end of the one in front of it.</summary>
    private static List<RevisionRange> RangesOf(ArangoRequest request)
    {
        using var body = request.ParseBody();
        if (body.RootElement.ValueKind != JsonValueKind.Array)
        {
            throw BadFormat();
        }

        var ranges = new List<RevisionRange>();
        var before = default(RevisionId);
        foreach (var pair in body.RootElement.EnumerateArray())
        {
            if (pair.ValueKind != JsonValueKind.Array || pair.GetArrayLength() != 2)
            {
                throw BadFormat();
            }

            var (first, last) = (IdOf(pair[0]), IdOf(pair[1]));
            if (first >= last || first < before)
            {
                throw BadFormat();
            }

            ranges.Add(new RevisionRange(first, last));
            before = last;
        }

        return ranges;
    }

    private static RevisionId IdOf(JsonElement text)
    {
        var id = text.ValueKind == JsonValueKind.String ? RevisionId.ParseHlc(text.GetString()) : RevisionId.Invalid;
        return id == RevisionId.Invalid ? throw BadFormat() : id;
    }

    private static ArangoException BadFormat() => ArangoErrors.HttpBadParameter("body needs to be an array of pairs of revisions");
}
