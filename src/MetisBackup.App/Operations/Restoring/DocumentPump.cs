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
    public async Task<long> WriteAsync(CollectionRecord collection, bool keepRevisions, CancellationToken cancellationToken)
    {
        var bytes = 0L;
        var running = new List<Task>();
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            await foreach (var block in reader.ReadDocumentsAsync(collection, failed.Token))
            {
                bytes += block.Lines.Length;
                running.RemoveAll(static task => task.IsCompletedSuccessfully);
                running.Add(await StartAsync(collection.Name, block, keepRevisions, failed));
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
    private async Task<Task> StartAsync(string collection, DocumentBlock block, bool keepRevisions, CancellationTokenSource failed)
    {
        try
        {
            await _slots.WaitAsync(failed.Token);
        }
        catch
        {
            block.Dispose();
            throw;
        }

        return SendAsync(collection, block, keepRevisions, failed);
    }

    private async Task SendAsync(string collection, DocumentBlock block, bool keepRevisions, CancellationTokenSource failed)
    {
        try
        {
            using (block)
            {
                var (documents, length) = (block.Documents, block.Lines.Length);
                if (keepRevisions)
                {
                    // The block belongs to this call until it is disposed, so its memory may serve as the request's body.
                    await _writer.WriteAsync(collection, MemoryMarshal.AsMemory(block.Lines), failed.Token);
                }
                else
                {
                    await _writer.WriteWithNewRevisionsAsync(collection, block.Lines, failed.Token);
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
}
