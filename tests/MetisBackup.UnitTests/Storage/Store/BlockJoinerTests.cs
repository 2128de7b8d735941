using System.Buffers;
using MetisBackup.Storage.Store;

namespace MetisBackup.UnitTests.Storage.Store;

public sealed class BlockJoinerTests
{
    private const int Length = 1024 * 1024;

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public async Task Memory_that_was_handed_over_is_given_back_once_when_no_more_is_wanted(int blocks)
    {
        var joined = BlockJoiner.JoinAsync(Blocks(blocks), TestContext.Current.CancellationToken);
        await using (var reading = joined.GetAsyncEnumerator(TestContext.Current.CancellationToken))
        {
            Assert.True(await reading.MoveNextAsync());
            reading.Current.Dispose();
        }

        var rented = Enumerable.Range(0, 64).Select(static _ => ArrayPool<byte>.Shared.Rent(Length)).ToList();
        Assert.Equal(rented.Count, rented.Distinct(ReferenceEqualityComparer.Instance).Count());
        rented.ForEach(static one => ArrayPool<byte>.Shared.Return(one));
    }

    private static async IAsyncEnumerable<DocumentBlock> Blocks(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await Task.Yield();
            yield return new DocumentBlock(FrameMemory.Rent(Length / 3), Length / 3, 1);
        }
    }
}
