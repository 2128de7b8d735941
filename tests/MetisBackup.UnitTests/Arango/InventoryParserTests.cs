using System.Text;
using MetisBackup.Arango.Dump;

namespace MetisBackup.UnitTests.Arango;

public sealed class InventoryParserTests
{
    private const string Collection =
        """{"indexes":[ {"id":"412","type":"persistent","name":"idx_sku","fields":["sku"],"x":1e2} ],"parameters":{"cid":"402","name":"größe","type":3,"syncByRevision":true,"usesRevisionsAsDocumentIds":true,"globallyUniqueId":"h/402","deleted":false}}""";

    [Fact]
    public void Every_object_keeps_its_own_bytes()
    {
        var text = $$"""{ "properties" : {"name":"shop", "id":7}, "collections":[ {{Collection}} ], "views":[{"name":"v","type":"arangosearch"}], "state":{"lastLogTick":"5312","time":"2025-01-25T13:23:10Z"}, "tick":"1806", "new":[1] }""";

        var inventory = InventoryParser.Parse(Encoding.UTF8.GetBytes(text));

        var collection = Assert.Single(inventory.Collections);
        Assert.Equal(Collection, Encoding.UTF8.GetString(collection.Json.Span));
        Assert.Equal("""{"name":"shop", "id":7}""", Encoding.UTF8.GetString(inventory.Properties.Span));
        Assert.Equal("""{"id":"412","type":"persistent","name":"idx_sku","fields":["sku"],"x":1e2}""", Encoding.UTF8.GetString(Assert.Single(collection.Indexes).Json.Span));
        Assert.Equal(("größe", true, false, true), (collection.Name, collection.IsEdge, collection.IsSystem, collection.HasRevisionTree));
        Assert.Equal(("1806", "5312", "2025-01-25T13:23:10Z"), (inventory.Tick, inventory.LastLogTick, inventory.ServerTime));
        Assert.Equal("arangosearch", Assert.Single(inventory.Views).Type);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"collections":[]}""")]
    [InlineData("""{"properties":{},"collections":{}}""")]
    [InlineData("""{"properties":{},"collections":[{"parameters":{"name":"../x"},"indexes":[]}]}""")]
    [InlineData("""{"properties":{},"collections":[{"parameters":{},"indexes":[]}]}""")]
    [InlineData("""{"properties":{},"collections":[""")]
    public void Anything_else_is_refused(string text) =>
        Assert.Throws<FormatException>(() => InventoryParser.Parse(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void A_collection_without_both_flags_has_no_tree()
    {
        var entry = InventoryParser.ParseCollection("""{"indexes":[],"parameters":{"name":"old","type":2,"syncByRevision":true}}"""u8.ToArray());

        Assert.False(entry.HasRevisionTree);
    }
}
