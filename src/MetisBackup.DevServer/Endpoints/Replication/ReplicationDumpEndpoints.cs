using System.Globalization;
using System.Text;
using MetisBackup.DevServer.Engine;
using MetisBackup.DevServer.Hosting;

namespace MetisBackup.DevServer.Endpoints.Replication;

/// <summary><c>GET /_api/replication/dump</c>: one collection from first to last document, in pieces (arangodb-protocol 6).</summary>
internal sealed class ReplicationDumpEndpoints(ServerContext server, ReplicationBatches batches)
{
    private const ulong DefaultChunk = 128 << 10;
    private const ulong MaxChunk = 128 << 20;
    private const ulong DefaultDocuments = 10_000;

    public static void Map(RouteTable routes, ServerContext server, ReplicationBatches batches)
    {
        var endpoints = new ReplicationDumpEndpoints(server, batches);
        routes.Map("GET /_api/replication/dump", endpoints.Read);
    }

    private ArangoResponse Read(ArangoRequest request)
    {
        if (request.Query.Text("collection") is not { Length: > 0 } name)
        {
            // the rights of the caller are looked at first, and there is nothing to have rights on
            throw server.AuthenticationEnabled
                ? ArangoErrors.CollectionNotFound("")
                : ArangoErrors.HttpBadParameter("invalid collection parameter");
        }

        var batch = batches.Find(request.Query.Text("batchId"))
            ?? throw new ArangoException(404, 400, "replication dump: batchId not specified or unknown");
        var collection = server.Engine.Catalog.FindCollection(request.Database, name)
            ?? throw ArangoErrors.HttpBadParameter($"replication dump: unknown collection '{name}'");
        request.Caller.RequireRead(request.Database, collection);
        var iterator = batch.TakeIterator(collection)
            ?? throw ArangoErrors.HttpBadParameter("replication dump: the collection is being dumped in this batch already");
        var atEnd = false;
        try
        {
            (var answer, atEnd) = batch.Snapshot.Read(reader => Dump(reader, iterator, request.Query));
            return answer;
        }
        finally
        {
            batch.Return(iterator, atEnd);
        }
    }

    private (ArangoResponse Answer, bool AtEnd) Dump(ReadTransaction reader, DumpIterator iterator, QueryParameters query)
    {
        var chunk = Math.Min(query.Number("chunkSize") ?? DefaultChunk, MaxChunk);
        if (server.Faults.DumpChunkLimit is { } limit)
        {
            chunk = Math.Min(chunk, (ulong)limit);
        }

        var limits = new DumpLimits(chunk, query.Number("docsPerBatch") ?? DefaultDocuments, query.Flag("useEnvelope", fallback: true));
        var output = new BlockList();
        var atEnd = Fill(reader, iterator, output, limits);
        var last = output.Length == 0 ? 0 : iterator.Delivered;
        var answer = ArangoResponse.FromBlocks(output.Length == 0 ? 204 : 200, output, ArangoResponse.DumpType)
            .With("x-arango-replication-checkmore", atEnd ? "false" : "true")
            .With("x-arango-replication-lastincluded", last.ToString(CultureInfo.InvariantCulture));
        return (answer, atEnd);
    }

    /// <summary>Writes documents until a limit is reached, at least one; true at the end of the collection.</summary>
    private static bool Fill(ReadTransaction reader, DumpIterator iterator, BlockList output, DumpLimits limits)
    {
        var name = Encoding.UTF8.GetBytes(iterator.Collection.Name);
        using var cursor = reader.Scan(iterator.Collection, iterator.Next);
        var written = 0UL;
        while (cursor.MoveNext())
        {
            if (written > 0 && ((ulong)output.Length >= limits.Chunk || written >= limits.Documents))
            {
                iterator.Next = cursor.RecordId;
                return false;
            }

            if (limits.Envelope)
            {
                output.Append("{\"type\":2300,\"data\":"u8);
            }

            DocumentText.Write(output, name, cursor.Key, cursor.Revision, cursor.Body);
            output.Append(limits.Envelope ? "}\n"u8 : "\n"u8);
            written++;
            iterator.Delivered++;
        }

        return true;
    }

    private readonly record struct DumpLimits(ulong Chunk, ulong Documents, bool Envelope);
}
