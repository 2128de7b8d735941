using System.Text;
using MetisBackup.Storage.Sorting;
using MetisBackup.Storage.Store;

namespace MetisBackup.UnitTests.Storage.Sorting;

public sealed class KeyedRecordsTests
{
    [Theory]
    [InlineData(KeyedRecords.UsualMemory)]
    [InlineData(0)]
    public void What_two_states_say_of_a_key_comes_together_however_little_memory_there_is(int memory)
    {
        const int count = 50_000;
        var random = new Random(5);
        var keys = Enumerable.Range(0, count).Select(static number => $"k{number}" + new string('x', number % 300)).ToArray();
        var (before, after) = (keys.Where((_, number) => number % 3 != 0).ToHashSet(StringComparer.Ordinal), keys.Where((_, number) => number % 3 != 1).ToHashSet(StringComparer.Ordinal));
        using var records = new KeyedRecords(memory);
        foreach (var (isAfter, key) in before.Select(static key => (false, key)).Concat(after.Select(static key => (true, key))).OrderBy(_ => random.Next()))
        {
            records.Add(isAfter, Encoding.UTF8.GetBytes(key), new KeyedValue((ulong)key.GetHashCode(StringComparison.Ordinal) + (isAfter ? 1UL : 0), new DocumentPlace(key.Length, isAfter ? 7 : -7)));
        }

        var pairs = records.Pairs().ToList();

        Assert.Equal(keys.Order(StringComparer.Ordinal), pairs.Select(static pair => Encoding.UTF8.GetString(pair.Key)));
        Assert.All(pairs, pair =>
        {
            var key = Encoding.UTF8.GetString(pair.Key);
            Assert.Equal(before.Contains(key), pair.Before is not null);
            Assert.Equal(after.Contains(key), pair.After is not null);
            Assert.All(new[] { pair.Before, pair.After }.OfType<KeyedValue>(), value => Assert.Equal(key.Length, value.Place.Segment));
            Assert.True(pair.Before is null || pair.Before.Value.Place.Frame == -7);
            Assert.True(pair.After is null || pair.After.Value.Place.Frame == 7);
        });
    }

    [Fact]
    public void Content_is_everything_but_the_revision_at_the_top()
    {
        using var records = new KeyedRecords(0);
        records.AddDocuments(isAfter: false, """{"_key":"a","_rev":"x","b":{"_rev":"1"}}"""u8, byContent: true);
        records.AddDocuments(isAfter: true, """{"_key":"a","_rev":"longer","b":{"_rev":"1"}}"""u8, byContent: true);
        records.AddDocuments(isAfter: false, "{\"_key\":\"b\",\"_rev\":\"x\",\"c\":1}\n{\"c\":1,\"_key\":\"c\"}\n"u8, byContent: true);
        records.AddDocuments(isAfter: true, "{\"_key\":\"b\",\"_rev\":\"x\",\"c\":2}\n{\"c\":1,\"_key\":\"c\"}\n"u8, byContent: true);

        Assert.Equal([true, false, true], records.Pairs().Select(static pair => pair.Before!.Value.Value == pair.After!.Value.Value));
    }

    [Fact]
    public void Temporary_files_are_gone_when_they_are_no_longer_needed()
    {
        var mark = new string('z', 200);
        var records = new KeyedRecords(0);
        for (var number = 0; number < 5000; number++)
        {
            records.Add(isAfter: false, Encoding.UTF8.GetBytes(mark + number), default);
        }

        records.Dispose();

        Assert.DoesNotContain(Directory.EnumerateFiles(Path.GetTempPath(), "metis-sort-*"), static file => File.ReadAllText(file).Contains("zzz", StringComparison.Ordinal));
    }
}
