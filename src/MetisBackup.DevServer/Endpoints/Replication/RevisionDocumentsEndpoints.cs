using System.Text.Json;
using MetisBackup.Core.Revisions;
using MetisBackup.DevServer.Engine;
using MetisBackup.DevServer.Hosting;

namespace MetisBackup.DevServer.Endpoints.Replication;

/// <summary><c>PUT /_api/replication/revisions/documents</c>: documents by their revision ids (arangodb-protocol 10.8).</summary>
internal sealed class RevisionDocumentsEndpoints(ServerContext server, ReplicationBatches batches)
{
    private const ulong MaxAnswer = 16 << 20;

    public static void Map(RouteTable routes, ServerContext server, ReplicationBatches batches)
    {
        var endpoints = new RevisionDocumentsEndpoints(server, batches);
        routes.Map("PUT /_api/replication/revisions/documents", endpoints.Read);
    }

    private ArangoResponse Read(ArangoRequest request)
    {
        var revisions = RevisionRequest.Read(request, server, batches);
        var ids = IdsOf(request);
        var limit = Math.Min(request.Query.Number("chunkSize") ?? MaxAnswer, MaxAnswer);
        return revisions.ReadState(server, transaction => Answer(transaction, revisions.Collection, ids, (int)limit));
    }

    private ArangoResponse Answer(ReadTransaction transaction, CollectionInfo collection, List<RevisionId> ids, int limit)
    {
        var output = new PooledBuffer();
        var most = server.Faults.DocumentsLimit ?? int.MaxValue;
        output.Append((byte)'[');
        for (var item = 0; item < ids.Count && item < most; item++)
        {
            var before = output.Length;
            if (item > 0)
            {
                output.Append((byte)',');
            }

            if (transaction.TryGetByRevision(collection, ids[item], out var document))
            {
                DocumentText.Write(output, collection.Name, document);
            }
            else
            {
                output.Append("{}"u8);
            }

            if (item > 0 && output.Length > limit)
            {
                output.Truncate(before);
                break;
            }
        }

        output.Append((byte)']');
        return ArangoResponse.FromBuffer(200, output);
    }

    private static List<RevisionId> IdsOf(ArangoRequest request)
    {
        using var body = request.ParseBody();
        if (body.RootElement.ValueKind != JsonValueKind.Array)
        {
            throw BadFormat();
        }

        var asHlc = request.Query.Flag("encodeAsHLC");
        var ids = new List<RevisionId>(body.RootElement.GetArrayLength());
        foreach (var text in body.RootElement.EnumerateArray())
        {
            if (text.ValueKind != JsonValueKind.String)
            {
                throw BadFormat();
            }

            var id = asHlc ? RevisionId.ParseHlc(text.GetString()) : RevisionId.ParseRev(text.GetString());
            ids.Add(id == RevisionId.Invalid ? throw BadFormat() : id);
        }

        return ids;
    }

    private static ArangoException BadFormat() => ArangoErrors.HttpBadParameter("body needs to be an array of revisions");
}
