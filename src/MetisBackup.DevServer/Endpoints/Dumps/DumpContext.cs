using System.Buffers;
using System.Text;
using MetisBackup.DevServer.Engine;
using MetisBackup.DevServer.Hosting;

namespace MetisBackup.DevServer.Endpoints.Dumps;

/// <summary>One batch of a parallel dump: naked documents of one collection, one a line.</summary>
internal sealed record DumpBatch(string Collection, ReadOnlySequence<byte> Lines);

/// <summary>One parallel dump: a snapshot, the ranges still to be read, and the batches that were not released (arangodb-protocol 7).</summary>
internal sealed class DumpContext : IDisposable
{
    /// <summary>A range wider than this is cut after each batch, so that its upper half can go to another thread.</summary>
    private const ulong UndividedWidth = 5000;

    private readonly PinnedSnapshot _snapshot;
    private readonly DumpOptions _options;
    private readonly DumpRanges _ranges;
    private readonly Dictionary<ulong, Lazy<DumpBatch?>> _batches = [];

    public DumpContext(PinnedSnapshot snapshot, DumpOptions options, IReadOnlyList<CollectionInfo> collections)
    {
        _snapshot = snapshot;
        _options = options;
        _ranges = new DumpRanges(collections.Select(static collection => new DumpRange(collection, 0, ulong.MaxValue)));
    }

    public required string Id { get; init; }

    public required string User { get; init; }

    public required string Database { get; init; }

    /// <summary>When the context is thrown away unless it is used again.</summary>
    public DateTimeOffset ExpiresAt { get; private set; }

    public void Touch(DateTimeOffset now) => ExpiresAt = now + _options.TimeToLive;

    /// <summary>The batch of this number: the same one whenever it is asked for until it is released; null behind the last.</summary>
    public DumpBatch? Batch(ulong number)
    {
        Lazy<DumpBatch?>? batch;
        lock (_batches)
        {
            if (!_batches.TryGetValue(number, out batch))
            {
                batch = new Lazy<DumpBatch?>(ReadNext);
                _batches.Add(number, batch);
            }
        }

        return batch.Value;
    }

    /// <summary>Forgets a batch that the client has safely stored.</summary>
    public void Release(ulong number)
    {
        lock (_batches)
        {
            _batches.Remove(number);
        }
    }

    public void Dispose() => _snapshot.Dispose();

    private DumpBatch? ReadNext()
    {
        while (_ranges.Take() is { } range)
        {
            DumpRange? rest = null;
            try
            {
                using var reader = _snapshot.OpenReader();
                (var lines, rest) = Read(reader, range);
                if (!lines.IsEmpty)
                {
                    return new DumpBatch(range.Collection.Name, lines);
                }
            }
            finally
            {
                _ranges.GiveBack(Divide(rest));
            }
        }

        return null;
    }

    private (ReadOnlySequence<byte> Lines, DumpRange? Remaining) Read(ReadTransaction reader, DumpRange range)
    {
#pragma warning disable CA2000 // the collector takes the blocks: a released batch may still be on its way to a client that asked twice
        var output = new BlockList();
#pragma warning restore CA2000
        var name = Encoding.UTF8.GetBytes(range.Collection.Name);
        using var cursor = reader.Scan(range.Collection, range.First, range.Last);
        for (var documents = 0; cursor.MoveNext(); documents++)
        {
            if (documents > 0 && (output.Length >= _options.BatchSize || documents >= _options.DocumentsPerBatch))
            {
                return (output.Written, range with { First = cursor.RecordId });
            }

            if (Write(output, name, cursor))
            {
                output.Append("\n"u8);
            }
        }

        return (output.Written, null);
    }

    private bool Write(BlockList output, byte[] collection, DocumentCursor cursor)
    {
        if (_options.Selection is not { } selection)
        {
            DocumentText.Write(output, collection, cursor.Key, cursor.Revision, cursor.Body);
            return true;
        }

        using var whole = new PooledBuffer();
        DocumentText.Write(whole, collection, cursor.Key, cursor.Revision, cursor.Body);
        return selection.Write(output, whole.Written);
    }

    /// <summary>What goes back on the pile: nothing, the rest, or the rest in two halves.</summary>
    private static List<DumpRange> Divide(DumpRange? rest)
    {
        if (rest is not { } range)
        {
            return [];
        }

        var width = range.Last - range.First;
        if (width <= UndividedWidth)
        {
            return [range];
        }

        var middle = range.First + (width / 2);
        return [range with { Last = middle }, range with { First = middle + 1 }];
    }
}
