using System.Buffers;
using System.Runtime.CompilerServices;

namespace MetisBackup.Storage.Store;

/// <summary>Puts small blocks of documents together, because whoever writes them pays per block.</summary>
internal static class BlockJoiner
{
    private const int Length = 1024 * 1024;

    /// <summary>The same documents in the same order; blocks that are large enough are passed on as they are.</summary>
    public static async IAsyncEnumerable<DocumentBlock> JoinAsync(IAsyncEnumerable<DocumentBlock> blocks, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (buffer, length, documents) = (Array.Empty<byte>(), 0, 0);
        try
        {
            await foreach (var block in blocks.WithCancellation(cancellationToken))
            {
                if (length > 0 && (length + block.Lines.Length > Length || block.Lines.Length > Length / 2))
                {
                    yield return HandOver();
                }

                if (block.Lines.Length > Length / 2)
                {
                    yield return block;
                    continue;
                }

                using (block)
                {
                    buffer = buffer.Length > 0 ? buffer : ArrayPool<byte>.Shared.Rent(Length);
                    block.Lines.Span.CopyTo(buffer.AsSpan(length));
                    length += block.Lines.Length;
                    documents += block.Documents;
                }
            }

            if (documents > 0)
            {
                yield return HandOver();
            }
        }
        finally
        {
            if (buffer.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }

        // before it is seen, because whoever gets it may never come back for more
        DocumentBlock HandOver()
        {
            var joined = new DocumentBlock(buffer, length, documents);
            (buffer, length, documents) = ([], 0, 0);
            return joined;
        }
    }
}
