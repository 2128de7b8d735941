using MetisBackup.Core.Snapshots;

namespace MetisBackup.UnitTests.Storage.Store;

public sealed class LargeDocumentTests
{
    private const int Large = 24 * 1024 * 1024;

    [Fact]
    public async Task Several_collections_of_large_documents_are_read_at_once_within_the_bound_and_to_the_end()
    {
        using var fixture = new StoreFixture();
        var padding = new string('x', Large);
        var entry = await fixture.CreateAsync("large", [.. Enumerable.Range(0, 4).Select(number => ($"c{number}", StoreFixture.Lines(number * 10, 4, padding)))]);
        using var reader = fixture.Store.OpenReader(entry);
        var held = 0L;
        var most = 0L;

        await Task.WhenAll(reader.Manifest.Collections.Select(ReadAsync));

        Assert.InRange(most, Large, 64L * 1024 * 1024);
        Assert.Empty((await reader.VerifyAsync(progress: null, StoreFixture.Token)).Findings);

        async Task ReadAsync(CollectionRecord collection)
        {
            var documents = 0;
            var running = new List<Task>();
            await foreach (var block in reader.ReadDocumentsAsync(collection, StoreFixture.Token))
            {
                Interlocked.Exchange(ref most, Math.Max(Interlocked.Add(ref held, block.Lines.Length), Interlocked.Read(ref most)));
                documents += block.Documents;
                running.Add(Task.Run(
                    async () =>
                    {
                        await Task.Yield();
                        Interlocked.Add(ref held, -block.Lines.Length);
                        block.Dispose();
                    },
                    StoreFixture.Token));
            }

            await Task.WhenAll(running);
            Assert.Equal(4, documents);
        }
    }

    [Fact]
    public async Task Whoever_gives_up_waiting_leaves_the_room_to_others()
    {
        using var fixture = new StoreFixture();
        var padding = new string('x', 40 * 1024 * 1024);
        var entry = await fixture.CreateAsync("large", ("c", StoreFixture.Lines(0, 1, padding)), ("d", StoreFixture.Lines(5, 1, padding)));
        using var reader = fixture.Store.OpenReader(entry);
        var first = reader.ReadDocumentsAsync(reader.Manifest.Collections[0], StoreFixture.Token).GetAsyncEnumerator(StoreFixture.Token);
        Assert.True(await first.MoveNextAsync());
        using var impatience = new CancellationTokenSource();
        var second = reader.ReadDocumentsAsync(reader.Manifest.Collections[1], impatience.Token).GetAsyncEnumerator(impatience.Token);
        var waiting = second.MoveNextAsync().AsTask();
        Assert.False(waiting.IsCompleted);
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await second.DisposeAsync();
        first.Current.Dispose();
        await first.DisposeAsync();

        await foreach (var block in reader.ReadDocumentsAsync(reader.Manifest.Collections[1], StoreFixture.Token))
        {
            Assert.Equal(1, block.Documents);
            block.Dispose();
        }
    }
}
