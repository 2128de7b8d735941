using System.Text;
using MetisBackup.Storage.Store;

namespace MetisBackup.UnitTests.Storage.Store;

public sealed class StoredRevisionsTests
{
    private const string Name = "metis_20261124_020000_next";

    [Fact]
    public async Task Revisions_of_interleaved_segments_come_in_ascending_order_with_keys_and_places()
    {
        using var fixture = new StoreFixture();
        var numbers = Enumerable.Range(0, 300_000).ToArray();
        new Random(1).Shuffle(numbers);
        var parent = await fixture.CreateAsync("first", ("c", StoreFixture.Lines(numbers.Select(static number => StoreFixture.Document(number)))));
        using var reader = fixture.Store.OpenReader(parent);
        Assert.Equal(3, reader.Manifest.Collections[0].Segments.Count);

        var next = 0;
        foreach (var block in reader.ReadRevisionBlocks(reader.Manifest.Collections[0]))
        {
            for (var position = 0; position < block.Count; position++, next++)
            {
                Assert.Equal(StoreFixture.Revision(next).Value, block.Revisions[position]);
                Assert.Equal($"k{next}", Encoding.UTF8.GetString(block.KeyOf(position)));
                Assert.Equal(Array.IndexOf(numbers, next) / 131_072, block.PlaceOf(position).Segment);
                next += position % 4096 == 0 ? 0 : Skip(block, ref position);
            }
        }

        Assert.Equal(300_000, next);
    }

    [Fact]
    public async Task Selected_documents_come_byte_for_byte_from_the_frames_that_hold_them()
    {
        using var fixture = new StoreFixture();
        var parent = await fixture.CreateAsync("first", ("c", StoreFixture.Lines(0, 5_000, new string('x', 900))));
        var entry = SharingFixture.Share(fixture, parent, Name, 17);
        using var reader = fixture.Store.OpenReader(entry);
        var collection = reader.Manifest.Collections[0];
        var wanted = new[] { 0, 3, 4_000, 4_999 };
        var selection = new DocumentSelection();
        foreach (var block in reader.ReadRevisionBlocks(collection))
        {
            for (var position = 0; position < block.Count; position++)
            {
                if (wanted.Any(number => StoreFixture.Revision(number).Value == block.Revisions[position]))
                {
                    selection.Add(block.PlaceOf(position), block.Revisions[position]);
                }
            }
        }

        var (lines, blocks) = (new StringBuilder(), 0);
        await foreach (var block in reader.ReadDocumentsAsync(collection, selection, StoreFixture.Token))
        {
            using (block)
            {
                blocks++;
                lines.Append(Encoding.UTF8.GetString(block.Lines.Span));
            }
        }

        Assert.Equal(4, selection.Count);
        Assert.Equal(string.Concat(wanted.Select(number => StoreFixture.Document(number, padding: new string('x', 900)) + "\n")), lines.ToString());
        Assert.Equal(1, blocks); // what single frames gave is put together
    }

    /// <summary>Looking up each of 300,000 numbers would take too long: one in a thousand is enough for keys and places.</summary>
    private static int Skip(StoredRevisions block, ref int position)
    {
        var step = Math.Min(999, block.Count - position - 1);
        position += step;
        return step;
    }
}
