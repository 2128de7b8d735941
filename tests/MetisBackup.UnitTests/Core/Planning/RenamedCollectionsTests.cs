using MetisBackup.Core.Planning;

namespace MetisBackup.UnitTests.Core.Planning;

public sealed class RenamedCollectionsTests
{
    [Fact]
    public void A_collection_of_the_same_identity_and_kind_was_renamed()
    {
        var renamed = RenamedCollections.Find(Of(new("a", false, 1, "id1"), new("b", false, 1, "id2")), Of(new("c", false, 1, "id1"), new("b", false, 1, "id2")));

        Assert.Equal([KeyValuePair.Create("a", "c")], renamed);
    }

    [Fact]
    public void Another_kind_or_no_identity_is_no_rename()
    {
        Assert.Empty(RenamedCollections.Find(Of(new CollectionFacts("a", false, 1, "id1")), Of(new CollectionFacts("c", true, 1, "id1"))));
        Assert.Empty(RenamedCollections.Find(Of(new CollectionFacts("a", false, 1)), Of(new CollectionFacts("c", false, 1))));
        Assert.Empty(RenamedCollections.Find(Of(new CollectionFacts("_a", false, 1, "id1")), Of(new CollectionFacts("_c", false, 1, "id1"))));
    }

    [Fact]
    public void A_name_that_is_in_use_stays()
    {
        Assert.Empty(RenamedCollections.Find(Of(new("a", false, 1, "id1"), new("c", false, 1, "id2")), Of(new CollectionFacts("c", false, 1, "id1"))));
        Assert.Empty(RenamedCollections.Find(Of(new CollectionFacts("a", false, 1, "id1")), Of(new("a", false, 1, "id3"), new("c", false, 1, "id1"))));
    }

    [Fact]
    public void An_identity_that_two_collections_have_is_none()
    {
        Assert.Empty(RenamedCollections.Find(Of(new CollectionFacts("a", false, 1, "id1")), Of(new("c", false, 1, "id1"), new("d", false, 1, "id1"))));
        Assert.Single(RenamedCollections.Find(Of(new("a", false, 1, "id1"), new("b", false, 1, "id1")), Of(new CollectionFacts("c", false, 1, "id1"))));
    }

    private static DatabaseContents Of(params CollectionFacts[] collections) => new() { Collections = collections, Views = [], Definitions = [] };
}
