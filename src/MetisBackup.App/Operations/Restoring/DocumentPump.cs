using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using MetisBackup.Arango.Restore;
using MetisBackup.Core.Snapshots;
using MetisBackup.Storage.Store;

namespace MetisBackup.App.Operations.Restoring;

/// <summary>
/// Moves the documents of collections from a snapshot to a server, several requests at a time over all collections, so that neither
/// waits for the other and memory stays bounded.
/// </summary>
internal sealed class DocumentPump(SnapshotReader reader, DocumentWriter writer, IOperationProgress progress) : IDisposable
{
    private const int RequestsAtOnce = 4;
    private readonly DocumentWriter _writer = writer;
    private readonly IOperationProgress _progress = progress;
    private readonly SemaphoreSlim _slots = new(RequestsAtOnce);

    /// <inheritdoc/>
    public void Dispose() => _slots.Dispose();

    /// <summary>Writes all documents of a collection.</summary>
    /// <param name="collection">The collection; it must exist on the server.</param>
    /// <param name="keepRevisions">Whether the server is to keep the revisions or to make new ones.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <returns>Size of what was written as JSON Lines.</returns>
    public Task<long> WriteAsync(CollectionRecord collection, bool keepRevisions, CancellationToken cancellationToken) =>
        WriteAsync(collection.Name, reader.ReadDocumentsAsync(collection, cancellationToken), keepRevisions, refused: null, cancellationToken);

    /// <summary>Writes some documents of a collection.</summary>
    /// <param name="collection">Name of the collection; it must exist on the server.</param>
    /// <param name="blocks">The documents; each block is disposed.</param>
    /// <param name="keepRevisions">Whether the server is to keep the revisions or to make new ones.</param>
    /// <param name="refused">Takes the documents whose unique values are held by others; null for none that may be so.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <returns>Size of what was written as JSON Lines.</returns>
    public async Task<long> WriteAsync(
        string collection, IAsyncEnumerable<DocumentBlock> blocks, bool keepRevisions, ConcurrentBag<RefusedDocument>? refused, CancellationToken cancellationToken)
    {
        var bytes = 0L;
        var running = new List<Task>();
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            await foreach (var block in blocks.WithCancellation(failed.Token))
            {
                bytes += block.Lines.Length;
                running.RemoveAll(static task => task.IsCompletedSuccessfully);
                running.Add(await StartAsync(new Portion(collection, block, keepRevisions, refused), failed));
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // A request failed; its own error follows.
            await Task.WhenAll(running);
            throw;
        }
        finally
        {
            await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await Task.WhenAll(running);
        return bytes;
    }

    /// <summary>Waits for a free slot and starts a request; the task that is returned is that request.</summary>
    private async Task<Task> StartAsync(Portion portion, CancellationTokenSource failed)
    {
        try
        {
            await _slots.WaitAsync(failed.Token);
        }
        catch
        {
            portion.Block.Dispose();
            throw;
        }

        return SendAsync(portion, failed);
    }

    private async Task SendAsync(Portion portion, CancellationTokenSource failed)
    {
        var (collection, block, keepRevisions, refused) = portion;
        try
        {
            using (block)
            {
                var (documents, length) = (block.Documents, block.Lines.Length);
                if (!keepRevisions)
                {
                    await _writer.WriteWithNewRevisionsAsync(collection, block.Lines, failed.Token);
                }
                else if (refused is null)
                {
                    // The block belongs to this call until it is disposed, so its memory may serve as the request's body.
                    await _writer.WriteAsync(collection, MemoryMarshal.AsMemory(block.Lines), failed.Token);
                }
                else
                {
                    foreach (var one in await _writer.TryWriteAsync(collection, MemoryMarshal.AsMemory(block.Lines), failed.Token))
                    {
                        refused.Add(one);
                    }
                }

                _progress.Advance(collection, documents, length);
            }
        }
        catch
        {
            await failed.CancelAsync();
            throw;
        }
        finally
        {
            _slots.Release();
        }
    }

    private sealed record Portion(string Collection, DocumentBlock Block, bool KeepRevisions, ConcurrentBag<RefusedDocument>? Refused);
}
