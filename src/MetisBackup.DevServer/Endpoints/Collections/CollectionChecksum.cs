using System.IO.Hashing;
using MetisBackup.DevServer.Engine;
using MetisBackup.DevServer.Hosting;

namespace MetisBackup.DevServer.Endpoints.Collections;

/// <summary>
/// A number for the contents of a collection: the XOR of a hash of each document, so the order does not matter (arangodb-protocol 3.1; the
/// real server's hash is internal to it).
/// </summary>
internal static class CollectionChecksum
{
    /// <summary>Hashes every document.</summary>
    /// <param name="transaction">The view of the collection.</param>
    /// <param name="collection">The collection.</param>
    /// <param name="withRevisions">Takes in <c>_rev</c>.</param>
    /// <param name="withData">Takes in every attribute; otherwise <c>_key</c> and, of edges, <c>_from</c> and <c>_to</c>.</param>
    public static ulong Compute(ReadTransaction transaction, CollectionInfo collection, bool withRevisions, bool withData)
    {
        var checksum = 0UL;
        using var buffer = new PooledBuffer();
        using var cursor = transaction.Scan(collection);
        while (cursor.MoveNext())
        {
            buffer.Truncate(0);
            buffer.Append(cursor.Key);
            buffer.Append((byte)0);
            if (withRevisions)
            {
                buffer.Advance(cursor.Revision.WriteRev(buffer.GetSpan(32)));
                buffer.Append((byte)0);
            }

            if (withData)
            {
                buffer.Append(cursor.Body);
            }
            else if (collection.Type == 3)
            {
                buffer.Append(EdgeEnds.Prefix(cursor.Body));
            }

            checksum ^= XxHash64.HashToUInt64(buffer.Span);
        }

        return checksum;
    }
}
