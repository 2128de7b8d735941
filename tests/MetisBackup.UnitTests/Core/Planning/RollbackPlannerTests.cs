using MetisBackup.Core.Errors;
using MetisBackup.Core.Planning;

namespace MetisBackup.UnitTests.Core.Planning;

public sealed class RollbackPlannerTests
{
    private static readonly RollbackFacts Swap = new()
    {
        Kind = RollbackKind.Swap,
        Dataset = "p/a",
        IsPool = false,
        Target = "p/a@s",
        Staged = "p/a_new",
        Replaced = "p/a_old",
        Expires = new DateTimeOffset(2026, 12, 7, 8, 0, 0, TimeSpan.Zero),
        Newer = [],
        WithoutSnapshot = [],
        PoolWorries = [],
        LegacyMounts = [],
        FileUsers = [],
        Service = "arangodb3.service",
        Endpoint = "http://127.0.0.1:8529",
        Force = false,
        DiscardNewer = false,
    };

    private static readonly RollbackFacts InPlace = Swap with { Kind = RollbackKind.InPlace };

    [Fact]
    public void A_swap_saves_stops_clones_renames_promotes_starts_and_keeps_in_this_order()
    {
        var plan = RollbackPlanner.Plan(Swap);

        Assert.Equal(
            [
                RollbackStep.SaveState, RollbackStep.StopService, RollbackStep.Clone, RollbackStep.Park, RollbackStep.MoveOut, RollbackStep.MoveIn,
                RollbackStep.Promote, RollbackStep.CarryOver, RollbackStep.Mount, RollbackStep.StartService, RollbackStep.AwaitServer, RollbackStep.KeepReplaced,
            ],
            plan.Steps.Select(one => one.Step));
        Assert.Equal(("p/a", "p/a@s", RollbackKind.Swap), (plan.Dataset, plan.Target, plan.Kind));
        Assert.Contains("rename p/a to p/a_old", plan.Steps.Select(one => one.Text));
        Assert.Contains("keep p/a_old until 2026-12-07 08:00 UTC", plan.Steps.Select(one => one.Text));
        Assert.Empty(plan.Lost);
        Assert.Empty(plan.Warnings);
    }

    [Fact]
    public void An_undo_clones_nothing_and_compares_nothing()
    {
        var plan = RollbackPlanner.Plan(Swap with { Kind = RollbackKind.Undo, Newer = [new NewerSnapshot("p/a@n", null)] });

        Assert.DoesNotContain(plan.Steps, one => one.Step is RollbackStep.SaveState or RollbackStep.Clone);
        Assert.Equal("wait until http://127.0.0.1:8529 answers", plan.Steps.Single(one => one.Step == RollbackStep.AwaitServer).Text);
        Assert.Empty(plan.Warnings);
    }

    [Fact]
    public void Without_a_service_the_user_is_told_to_start_the_server()
    {
        var plan = RollbackPlanner.Plan(Swap with { Service = null, Endpoint = null });

        Assert.DoesNotContain(plan.Steps, one => one.Step is RollbackStep.StopService or RollbackStep.StartService or RollbackStep.AwaitServer);
        Assert.Contains("start the server yourself", Assert.Single(plan.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void What_stays_with_the_replaced_state_is_said()
    {
        var plan = RollbackPlanner.Plan(Swap with { Newer = [new NewerSnapshot("p/a@n", "held")], WithoutSnapshot = ["p/a/young"] });

        Assert.Equal(
            ["1 newer snapshot stays with p/a_old; undo brings it back.", "p/a/young did not exist when the snapshot was taken and will be kept below p/a_old."],
            plan.Warnings);
    }

    [Fact]
    public void Several_newer_snapshots_are_counted() => Assert.Equal(
        ["2 newer snapshots stay with p/a_old; undo brings them back."],
        RollbackPlanner.Plan(Swap with { Newer = [new NewerSnapshot("p/a@n", null), new NewerSnapshot("p/a@o", null)] }).Warnings);

    [Fact]
    public void A_journal_on_the_data_set_that_goes_back_is_refused()
    {
        var failure = Assert.Throws<MetisException>(() => RollbackPlanner.Plan(InPlace with { StateOnDataset = "/data/state" }));

        Assert.Equal(ErrorCode.Refused, failure.Code);
        Assert.Contains("/data/state", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void In_place_names_each_snapshot_that_is_lost()
    {
        var plan = RollbackPlanner.Plan(InPlace with { Newer = [new NewerSnapshot("p/a@n", null)], DiscardNewer = true });

        Assert.Equal([RollbackStep.StopService, RollbackStep.RollBack, RollbackStep.Mount, RollbackStep.StartService, RollbackStep.AwaitServer], plan.Steps.Select(one => one.Step));
        Assert.Equal(["p/a@n"], plan.Lost);
        Assert.Contains("no undo", Assert.Single(plan.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void In_place_does_not_ask_whether_ZFS_manages_the_mount_point_or_whether_it_is_a_pool() =>
        Assert.NotEmpty(RollbackPlanner.Plan(InPlace with { IsPool = true, LegacyMounts = ["p/a"] }).Steps);

    public static TheoryData<RollbackFacts, string> Refused => new()
    {
        { Swap with { PoolWorries = ["Pool p is DEGRADED."] }, "DEGRADED" },
        { Swap with { Service = null, FileUsers = ["process 7 (arangod) uses /data/LOCK"] }, "process 7" },
        { Swap with { IsPool = true }, "top of its pool" },
        { Swap with { LegacyMounts = ["p/a"] }, "legacy" },
        { Swap with { Conflicts = ["mine"] }, "mine" },
        { InPlace with { WithoutSnapshot = ["p/a/young"] }, "p/a/young" },
        { InPlace with { Newer = [new NewerSnapshot("p/a@n", "held")], DiscardNewer = true }, "p/a@n (held)" },
        { InPlace with { Newer = [new NewerSnapshot("p/a@n", null)] }, "p/a@n" },
    };

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public void What_could_make_things_worse_is_refused(RollbackFacts facts, string words)
    {
        var refusal = Assert.Throws<MetisException>(() => RollbackPlanner.Plan(facts));

        Assert.Equal(ErrorCode.Refused, refusal.Code);
        Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
        Assert.NotNull(refusal.Hint);
    }

    [Fact]
    public void A_pool_with_worries_is_warned_of_when_it_is_forced() =>
        Assert.Equal(["Pool p is 95 % full."], RollbackPlanner.Plan(Swap with { PoolWorries = ["Pool p is 95 % full."], Force = true }).Warnings);
}
