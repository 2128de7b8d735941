using MetisBackup.Core.Planning;

namespace MetisBackup.UnitTests.Core.Planning;

public sealed class SystemCollectionsTests
{
    [Theory]
    [InlineData("_graphs", false)]
    [InlineData("_analyzers", false)]
    [InlineData("_apps", false)]
    [InlineData("_users", false)]
    [InlineData("flights", false)]
    [InlineData("_statistics", true)]
    [InlineData("_statisticsRaw", true)]
    [InlineData("_statistics15", true)]
    [InlineData("_routing", true)]
    [InlineData("_jobs", true)]
    [InlineData("_queues", true)]
    [InlineData("_configuration", true)]
    [InlineData("_frontend", true)]
    [InlineData("_cluster_kickstarter_plans", true)]
    [InlineData("_fishbowl", true)]
    [InlineData("_foxxlog", true)]
    [InlineData("_sessions", true)]
    public void The_inventory_leaves_out_what_belongs_to_the_server(string name, bool left) =>
        Assert.Equal(left, SystemCollections.IsNeverListed(name));

    [Theory]
    [InlineData(RestoreObject.Graph, "_graphs")]
    [InlineData(RestoreObject.Analyzer, "_analyzers")]
    [InlineData(RestoreObject.Function, "_aqlfunctions")]
    public void Each_kind_of_definition_lives_in_a_collection(RestoreObject kind, string collection) =>
        Assert.Equal(collection, RestorePlanner.CollectionOf(kind));

    [Fact]
    public void A_view_is_no_document() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => RestorePlanner.CollectionOf(RestoreObject.View));
}
