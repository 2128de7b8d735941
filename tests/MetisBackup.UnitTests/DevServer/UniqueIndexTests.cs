using MetisBackup.DevServer.Engine;
using static MetisBackup.UnitTests.DevServer.EngineFixture;

namespace MetisBackup.UnitTests.DevServer;

public sealed class UniqueIndexTests : IDisposable
{
    private readonly EngineFixture _fixture = new();
    private CollectionInfo _collection;

    public UniqueIndexTests() => _collection = _fixture.Create("c");

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void A_taken_value_is_refused_and_named()
    {
        Index("""{"fields":["sku"]}""");
        Put("a", """{"sku":1}""");

        var error = Assert.Throws<ArangoException>(() => Put("b", """{"sku":1.0}"""));

        Assert.Equal((409, 1210), (error.Status, error.ErrorNumber));
        Assert.Equal("unique constraint violated - in index idx of type persistent over 'sku'; conflicting key: a", error.Message);
        Assert.Equal(1, Count());
    }

    [Fact]
    public void Values_are_free_again_after_replace_and_remove()
    {
        Index("""{"fields":["sku"]}""");
        Put("a", """{"sku":1}""");
        _fixture.Engine.Write(transaction => transaction.Replace(_collection, Document("a", transaction.NewRevision().Value, """{"sku":2}""")));
        Put("b", """{"sku":1}""");
        _fixture.Engine.Write(transaction => transaction.Remove(_collection, "a"));
        Put("c", """{"sku":2}""");

        Assert.Equal(2, Count());
    }

    [Fact]
    public void A_batch_goes_on_after_a_refused_item()
    {
        Index("""{"fields":["sku"]}""");
        _fixture.Engine.Write(transaction =>
        {
            transaction.Insert(_collection, Document("a", transaction.NewRevision().Value, """{"sku":1}"""));
            Assert.Throws<ArangoException>(() => transaction.Insert(_collection, Document("b", transaction.NewRevision().Value, """{"sku":1}""")));
            transaction.Insert(_collection, Document("c", transaction.NewRevision().Value, """{"sku":3}"""));
        });

        Assert.Equal(2, Count());
        Put("b", """{"sku":2}""");
    }

    [Fact]
    public void Missing_values_collide_unless_the_index_is_sparse()
    {
        Index("""{"fields":["a","b"]}""", name: "dense");
        Put("1", """{"a":1}""");
        Assert.Throws<ArangoException>(() => Put("2", """{"a":1,"b":null}"""));

        _collection = _fixture.Create("sparse");
        Index("""{"fields":["a","b"]}""", sparse: true);
        Put("1", """{"a":1}""");
        Put("2", """{"a":1}""");
        Assert.Equal(2, Count());
    }

    [Fact]
    public void Array_members_are_unique_across_documents()
    {
        Index("""{"fields":["tags[*]"],"deduplicate":true}""");
        Put("a", """{"tags":["x","x","y"]}""");

        Assert.Throws<ArangoException>(() => Put("b", """{"tags":["z","y"]}"""));
        Put("b", """{"tags":["z"]}""");
    }

    [Fact]
    public void Without_deduplicate_a_document_may_collide_with_itself()
    {
        Index("""{"fields":["tags[*].n"],"deduplicate":false}""");

        Assert.Throws<ArangoException>(() => Put("a", """{"tags":[{"n":1},{"n":1}]}"""));
    }

    [Fact]
    public void An_index_over_colliding_documents_is_not_made()
    {
        Put("a", """{"sku":1}""");
        Put("b", """{"sku":1}""");

        Assert.Throws<ArangoException>(() => Index("""{"fields":["sku"]}"""));

        Put("c", """{"sku":1}""");
        Assert.Equal(3, Count());
    }

    private long Count() => _fixture.Engine.Read(reader => reader.Count(_collection));

    private void Put(string key, string body) =>
        _fixture.Engine.Write(transaction => transaction.Insert(_collection, Document(key, transaction.NewRevision().Value, body)));

    private void Index(string definition, bool sparse = false, string name = "idx") =>
        _collection = _fixture.Engine.Write(transaction => transaction.CreateIndex(_collection, new IndexInfo
        {
            Id = transaction.NewTick(),
            Name = name,
            Type = "persistent",
            Unique = true,
            Sparse = sparse,
            Definition = CollectionDefaults.Element(definition),
        }));
}
