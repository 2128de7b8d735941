using System.Text.Json;
using MetisBackup.Arango.Client;
using MetisBackup.Arango.Dump;
using MetisBackup.Core.Revisions;
using MetisBackup.Core.Snapshots;
using MetisBackup.Storage.Store;

namespace MetisBackup.App.Operations.Restoring;

/// <summary>The database as the server says, each collection at the moment of the question. Keys have to be fetched with their documents.</summary>
internal sealed class ServerDatabase : ILiveDatabase
{
    /// <summary>Every revision that there can be.</summary>
    public static readonly IReadOnlyList<RevisionRange> Everything = [new(new RevisionId(1), new RevisionId(ulong.MaxValue - 1))];
    private readonly ArangoClient _client;
    private readonly string _database;
    private readonly SnapshotReader _reader;

    private ServerDatabase(ArangoClient client, string database, SnapshotReader reader, LiveContents contents) =>
        (_client, _database, _reader, Contents) = (client, database, reader, contents);

    /// <inheritdoc/>
    public LiveContents Contents { get; }

    /// <inheritdoc/>
    public bool HasKeys => false;

    /// <summary>Reads what the database holds.</summary>
    /// <param name="client">The server.</param>
    /// <param name="database">The database.</param>
    /// <param name="reader">The snapshot to compare with.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="Core.Errors.MetisException">14 when collections are hidden from the account; 12, 16 as every call.</exception>
    public static async Task<ServerDatabase> ReadAsync(ArangoClient client, string database, SnapshotReader reader, CancellationToken cancellationToken)
    {
        await using var batch = await ReplicationBatch.OpenAsync(client, database, cancellationToken);
        return new ServerDatabase(client, database, reader, await LiveContents.ReadAsync(batch, cancellationToken));
    }

    /// <inheritdoc/>
    public async Task CompareAsync(CollectionRecord wanted, string name, IDifferenceVisitor visitor, CancellationToken cancellationToken)
    {
        await using var batch = await ReplicationBatch.OpenAsync(_client, _database, cancellationToken);
        var unnamed = new List<ulong>();
        await foreach (var stretch in RevisionMerge.CompareAsync(new RevisionLister(batch).ListAsync(name, Everything, cancellationToken), _reader.ReadRevisionBlocks(wanted), cancellationToken))
        {
            Visit(stretch, visitor, unnamed);
            if (visitor.HasEnough)
            {
                break;
            }
        }

        await foreach (var block in new RevisionDocumentsReader(batch).ReadAsync(name, unnamed, cancellationToken))
        {
            using (block)
            {
                VisitDocuments(block.Lines.Span, visitor);
            }
        }

        await batch.ConfirmAliveAsync(cancellationToken);
    }

    private static void Visit(RevisionDifference<RevisionBlock, StoredRevisions> stretch, IDifferenceVisitor visitor, List<ulong> unnamed)
    {
        foreach (var position in stretch.OnlyLeft.Span)
        {
            var revision = stretch.Left.Revisions[position];
            if (visitor.WantsKeys)
            {
                unnamed.Add(revision);
            }
            else
            {
                visitor.Live(revision, default);
            }
        }

        foreach (var position in stretch.OnlyRight.Span)
        {
            visitor.Stored(stretch.Right, position);
        }
    }

    private static void VisitDocuments(ReadOnlySpan<byte> lines, IDifferenceVisitor visitor)
    {
        Span<byte> key = stackalloc byte[1024];
        for (; !lines.IsEmpty; lines = lines[(lines.IndexOf((byte)'\n') + 1)..])
        {
            var (length, revision) = Identify(lines[..lines.IndexOf((byte)'\n')], key);
            visitor.Live(revision.Value, key[..length]);
        }
    }

    /// <summary>Key and revision of a document; it came from the server, which knows no longer keys.</summary>
    private static (int KeyLength, RevisionId Revision) Identify(ReadOnlySpan<byte> line, Span<byte> key)
    {
        var (length, revision) = (0, default(RevisionId));
        var json = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = int.MaxValue });
        json.Read();
        while ((length == 0 || revision == default) && json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var (isKey, isRevision) = (json.ValueTextEquals("_key"u8), json.ValueTextEquals("_rev"u8));
            json.Read();
            if (isKey)
            {
                length = json.CopyString(key);
            }
            else if (isRevision)
            {
                revision = RevisionId.ParseRev(json.GetString());
            }

            json.Skip();
        }

        return (length, revision);
    }
}
