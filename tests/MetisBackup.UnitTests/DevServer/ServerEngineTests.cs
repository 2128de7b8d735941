using System.Text;
using MetisBackup.Core.Revisions;
using MetisBackup.DevServer.Engine;
using static MetisBackup.UnitTests.DevServer.EngineFixture;

namespace MetisBackup.UnitTests.DevServer;

public sealed class ServerEngineTests : IDisposable
{
    private readonly EngineFixture _fixture = new();

    private ServerEngine Engine => _fixture.Engine;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void A_new_store_has_the_system_database_with_its_collections()
    {
        var system = Engine.Catalog.System;

        Assert.Equal("1", system.Id);
        Assert.Superset(new HashSet<string>(["_analyzers", "_graphs", "_users", "_aqlfunctions"]), system.Collections.Keys.ToHashSet());
        Assert.All(system.Collections.Values, collection => Assert.True(collection.IsSystem));
    }

    [Fact]
    public void What_was_committed_is_there_after_a_restart()
    {
        var collection = _fixture.Create("c");
        _fixture.Insert(collection, "a", "b");
        Engine.Write(transaction => transaction.Remove(collection, "a"));
        var guid = collection.GloballyUniqueId;
        var server = Engine.ServerId;

        _fixture.Reopen();

        var found = Engine.Catalog.Collection("_system", "c");
        Assert.Equal(guid, found.GloballyUniqueId);
        Assert.Equal(server, Engine.ServerId);
        Assert.Equal((1, false, true), Engine.Read(reader => (reader.Count(found), reader.Contains(found, "a"), reader.Contains(found, "b"))));
    }

    [Fact]
    public void A_failed_write_leaves_no_trace()
    {
        var collection = _fixture.Create("c");
        _fixture.Insert(collection, "a");
        var before = Engine.Sequence;

        Assert.Throws<InvalidOperationException>(() => Engine.Write(transaction =>
        {
            transaction.Insert(collection, Document("b", transaction.NewRevision().Value));
            transaction.Remove(collection, "a");
            transaction.CreateCollection("_system", new NewCollection { Name = "d", Type = 2, Properties = CollectionDefaults.NoProperties });
            throw new InvalidOperationException();
        }));

        Assert.Null(Engine.Catalog.FindCollection("_system", "d"));
        Assert.Equal(before, Engine.Sequence);
        using var pin = Engine.Pin();
        Assert.Equal(1UL, pin.Tree(collection).Count);
        Assert.Equal(["a"], pin.Read(reader => reader.Documents(collection).Select(document => document.Key).ToList()));
    }

    [Fact]
    public void A_pinned_snapshot_stays_as_it_was_whatever_is_written_later()
    {
        var collection = _fixture.Create("c");
        var other = _fixture.Create("other");
        _fixture.Insert(collection, "a", "b");
        using var pin = Engine.Pin();

        Engine.Write(transaction => transaction.Truncate(collection));
        _fixture.Insert(collection, "x", "y", "z");
        Engine.Write(transaction => transaction.DropCollection(other));
        var late = _fixture.Create("late");

        Assert.Equal(["a", "b"], pin.Read(reader => reader.Documents(collection).Select(document => document.Key).ToList()));
        Assert.Equal((2L, 0L, 0L), pin.Read(reader => (reader.Count(collection), reader.Count(other), reader.Count(late))));
        Assert.Empty(pin.Read(reader => reader.Documents(other).ToList()));
        Assert.Empty(pin.Read(reader => reader.Documents(late).ToList()));
        Assert.Equal(2UL, pin.Tree(collection).Count);
    }

    [Fact]
    public void A_pinned_snapshot_survives_checkpoints_of_the_log()
    {
        var collection = _fixture.Create("c");
        _fixture.Insert(collection, "a");
        using var pin = Engine.Pin();
        var body = $$"""{"text":"{{new string('x', 1_000_000)}}"}""";

        for (var batch = 0; batch < 4; batch++)
        {
            Engine.Write(transaction =>
            {
                for (var item = 0; item < 60; item++)
                {
                    transaction.Insert(collection, Document($"{batch}-{item}", transaction.NewRevision().Value, body));
                }
            });
            Assert.Equal(["a"], pin.Read(reader => reader.Documents(collection).Select(document => document.Key).ToList()));
            using var second = Engine.Pin();
            Assert.Equal(1 + (60 * (batch + 1)), second.Read(reader => reader.Documents(collection).Count()));
        }
    }

    [Fact]
    public async Task A_snapshot_under_constant_writing_never_mixes_states()
    {
        var collection = _fixture.Create("c");
        Engine.Write(transaction => Enumerable.Range(0, 50).ToList()
            .ForEach(item => transaction.Insert(collection, Document($"k{item}", transaction.NewRevision().Value, """{"round":0}"""))));
        using var stop = new CancellationTokenSource();
        var writer = Task.Run(
            () =>
            {
                for (var round = 1; !stop.IsCancellationRequested; round++)
                {
                    Engine.Write(transaction => Enumerable.Range(0, 50).ToList().ForEach(item =>
                        transaction.Replace(collection, Document($"k{item}", transaction.NewRevision().Value, $$"""{"round":{{round}}}"""))));
                }
            },
            TestContext.Current.CancellationToken);

        var rounds = new HashSet<string>();
        for (var look = 0; look < 200; look++)
        {
            using var pin = Engine.Pin();
            var first = Rounds(pin, collection);
            var again = Rounds(pin, collection);
            Assert.Single(first);
            Assert.Equal(first, again);
            Assert.Equal(50UL, pin.Tree(collection).Count);
            rounds.UnionWith(first);
        }

        await stop.CancelAsync();
        await writer;
        Assert.True(rounds.Count > 1);
    }

    [Fact]
    public async Task Snapshots_are_opened_and_read_while_the_log_is_moved_into_the_database()
    {
        var collection = _fixture.Create("c");
        using var stop = new CancellationTokenSource();
        var body = $$"""{"text":"{{new string('x', 400_000)}}"}""";
        var writer = Task.Run(
            () =>
            {
                for (var number = 0; !stop.IsCancellationRequested; number++)
                {
                    Engine.Write(transaction => transaction.Upsert(collection, Document($"big{number % 500}", transaction.NewRevision().Value, body)));
                }
            },
            TestContext.Current.CancellationToken);

        var end = TimeProvider.System.GetTimestamp() + (TimeProvider.System.TimestampFrequency * 3 / 2);
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(
            () =>
            {
                while (TimeProvider.System.GetTimestamp() < end)
                {
                    using var pin = Engine.Pin();
                    for (var look = 0; look < 20; look++)
                    {
                        Assert.Equal(pin.Tree(collection).Count, (ulong)pin.Read(reader => reader.RevisionIds(collection, default, RevisionId.Invalid, new ulong[1000])));
                    }
                }
            },
            TestContext.Current.CancellationToken)));
        await stop.CancelAsync();
        await writer;
    }

    [Fact]
    public async Task Rows_and_counters_of_one_read_belong_together()
    {
        var collection = _fixture.Create("c");
        using var stop = new CancellationTokenSource();
        var writer = Task.Run(
            () =>
            {
                for (var item = 0; !stop.IsCancellationRequested; item++)
                {
                    _fixture.Insert(collection, $"k{item}");
                }
            },
            TestContext.Current.CancellationToken);

        for (var look = 0; look < 500; look++)
        {
            var (count, rows) = Engine.Read(reader => (reader.Count(collection), reader.RevisionIds(collection, default, RevisionId.Invalid, new ulong[100_000])));
            Assert.Equal(count, rows);
        }

        await stop.CancelAsync();
        await writer;
    }

    [Fact]
    public void A_second_key_with_the_same_revision_overwrites_the_first_record()
    {
        var collection = _fixture.Create("c");
        const ulong Revision = 1_786_843_968_436_174_848;

        Engine.Write(transaction =>
        {
            transaction.Insert(collection, Document("a", Revision, """{"v":1}"""));
            transaction.Insert(collection, Document("b", Revision, """{"v":2}"""));
        });

        Engine.Read(reader =>
        {
            Assert.Equal(2, reader.Count(collection));
            Assert.True(reader.TryGet(collection, "a", out var found));
            Assert.Equal("b", found.Key);
            return true;
        });
        using var pin = Engine.Pin();
        Assert.Equal((2UL, 0UL), (pin.Tree(collection).Count, pin.Tree(collection).Hash));
        Assert.True(Engine.Write(transaction => transaction.Remove(collection, "a")));
        Assert.False(Engine.Write(transaction => transaction.Remove(collection, "b")));
    }

    [Fact]
    public void A_collection_with_record_ids_of_its_own_keeps_two_documents_of_one_revision()
    {
        var collection = _fixture.Create("c", revisionIds: false);

        Engine.Write(transaction =>
        {
            transaction.Insert(collection, Document("a", 1_786_843_968_436_174_848));
            transaction.Insert(collection, Document("b", 1_786_843_968_436_174_848));
        });

        Assert.Equal(["a", "b"], Engine.Read(reader => reader.Documents(collection).Select(document => document.Key).ToList()));
        Assert.True(Engine.Write(transaction => transaction.Remove(collection, "a")));
        Assert.Equal(["b"], Engine.Read(reader => reader.Documents(collection).Select(document => document.Key).ToList()));
    }

    [Fact]
    public void A_rename_keeps_documents_and_identity()
    {
        var collection = _fixture.Create("before");
        _fixture.Insert(collection, "a");

        Engine.Write(transaction => transaction.UpdateCollection(collection with { Name = "after" }));
        _fixture.Reopen();

        Assert.Null(Engine.Catalog.FindCollection("_system", "before"));
        var renamed = Engine.Catalog.Collection("_system", "after");
        Assert.Equal(collection.GloballyUniqueId, renamed.GloballyUniqueId);
        Assert.True(Engine.Read(reader => reader.Contains(renamed, "a")));
    }

    [Fact]
    public void A_taken_key_is_refused_in_the_words_of_the_server()
    {
        var collection = _fixture.Create("c");
        _fixture.Insert(collection, "a");

        var error = Assert.Throws<ArangoException>(() => _fixture.Insert(collection, "a"));

        Assert.Equal((409, 1210), (error.Status, error.ErrorNumber));
        Assert.Equal("unique constraint violated - in index primary of type primary over '_key'; conflicting key: a", error.Message);
    }

    [Fact]
    public void A_document_of_64_megabytes_passes_unchanged()
    {
        var collection = _fixture.Create("c");
        var body = $$"""{"blob":"{{new string('y', 64 << 20)}}"}""";

        Engine.Write(transaction => transaction.Insert(collection, Document("big", transaction.NewRevision().Value, body)));

        Assert.True(Engine.Read(reader => reader.TryGet(collection, "big", out var found) && found.Body.Span.SequenceEqual(Encoding.UTF8.GetBytes(body))));
    }

    private static HashSet<string> Rounds(PinnedSnapshot pin, CollectionInfo collection) =>
        pin.Read(reader => reader.Documents(collection).Select(document => Encoding.UTF8.GetString(document.Body.Span)).ToHashSet());
}
