using MetisBackup.Core.Planning;

namespace MetisBackup.UnitTests.Core.Planning;

public sealed class RestorePlannerTests
{
    private static readonly DatabaseContents Snapshot = Contents(
        [new CollectionFacts("_graphs", false, 1), new CollectionFacts("airports", false, 10), new CollectionFacts("flights", true, 20)],
        [new ViewFacts("search", false, ["airports"])],
        [new DefinitionFacts(RestoreObject.Graph, "routes", "a")]);

    [Fact]
    public void What_the_snapshot_does_not_know_is_removed_and_the_rest_replaced()
    {
        var live = Contents(
            [new CollectionFacts("_graphs", false, 2), new CollectionFacts("airports", false, 9), new CollectionFacts("experiment", false, 5)],
            [new ViewFacts("search", false, ["airports"]), new ViewFacts("try", false, ["experiment"]), new ViewFacts("alias", true, ["airports"])],
            [new DefinitionFacts(RestoreObject.Graph, "routes", "b"), new DefinitionFacts(RestoreObject.Graph, "new", "c")]);

        var plan = RestorePlanner.Plan(new RestoreGoal("s", "db", TargetExists: true, []), Snapshot, live);

        Assert.Equal(
            [
                "Drop View alias",
                "Drop View try",
                "Refill Collection _graphs",
                "Drop Collection experiment",
                "Recreate Collection airports",
                "Create Collection flights",
                "Recreate View search",
                "Drop Graph new",
                "Recreate Graph routes",
            ],
            plan.Steps.Select(Text));
        Assert.Equal(31, plan.Documents);
        Assert.False(plan.CreatesDatabase);
    }

    [Fact]
    public void An_equal_definition_is_no_step()
    {
        var plan = RestorePlanner.Plan(new RestoreGoal("s", "db", TargetExists: true, []), Snapshot, Snapshot);

        Assert.DoesNotContain(plan.Steps, static step => step.Kind == RestoreObject.Graph);
    }

    [Fact]
    public void Only_the_named_collections_are_touched_and_views_that_look_at_them_are_made_again()
    {
        var live = Contents(
            [new CollectionFacts("airports", false, 9), new CollectionFacts("experiment", false, 5)],
            [new ViewFacts("mine", false, ["airports"]), new ViewFacts("try", false, ["experiment"])],
            []);

        var plan = RestorePlanner.Plan(new RestoreGoal("s", "db", TargetExists: true, ["airports"]), Snapshot, live);

        Assert.Equal(["Recreate Collection airports", "Recreate View mine"], plan.Steps.Select(Text));
        Assert.True(plan.Partial);
    }

    [Fact]
    public void Graphs_that_came_later_are_emptied_before_their_collections_are_dropped()
    {
        var snapshot = Contents([new CollectionFacts("airports", false, 1)], [], []);
        var live = Contents(
            [new CollectionFacts("_graphs", false, 1), new CollectionFacts("airports", false, 1), new CollectionFacts("later", true, 1)],
            [],
            [new DefinitionFacts(RestoreObject.Graph, "g", "x")]);

        var plan = RestorePlanner.Plan(new RestoreGoal("s", "db", TargetExists: true, []), snapshot, live);

        Assert.Equal(["Refill Collection _graphs", "Drop Collection later", "Recreate Collection airports", "Drop Graph g"], plan.Steps.Select(Text));
    }

    [Fact]
    public void Collections_of_the_server_itself_are_left_alone()
    {
        var live = Contents(
            [new CollectionFacts("_users", false, 3), new CollectionFacts("_statistics", false, 9), new CollectionFacts("_frontend", false, 1), new CollectionFacts("_own", false, 1)],
            [],
            []);

        var plan = RestorePlanner.Plan(new RestoreGoal("s", "_system", TargetExists: true, []), DatabaseContents.Empty, live);

        Assert.Equal(["Drop Collection _own"], plan.Steps.Select(Text));
    }

    [Theory]
    [InlineData("_system", true)]
    [InlineData("shop", false)]
    public void Accounts_are_restored_into_the_database_of_the_server_only(string database, bool expected)
    {
        var snapshot = Contents([new CollectionFacts("_users", false, 3)], [], []);

        var plan = RestorePlanner.Plan(new RestoreGoal("s", database, TargetExists: true, []), snapshot, DatabaseContents.Empty);

        Assert.Equal(expected, plan.Steps.Any(static step => step.Name == "_users"));
    }

    private static string Text(RestoreStep step) => $"{step.Action} {step.Kind} {step.Name}";

    private static DatabaseContents Contents(CollectionFacts[] collections, ViewFacts[] views, DefinitionFacts[] definitions) =>
        new() { Collections = collections, Views = views, Definitions = definitions };
}
