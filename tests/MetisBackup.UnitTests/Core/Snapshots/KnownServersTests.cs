using MetisBackup.Core.Snapshots;

namespace MetisBackup.UnitTests.Core.Snapshots;

public sealed class KnownServersTests
{
    private const string A = "alpha:8529";
    private const string B = "beta:8529";

    [Fact]
    public void Where_no_snapshot_tells_its_server_there_is_one_that_everybody_means()
    {
        var servers = Known([null, null]);

        Assert.False(servers.AreSeveral);
        Assert.Equal((KnownServers.Unknown, KnownServers.Unknown), (servers.KeyOf(null), servers.Meant(A, isAlone: true)));
        Assert.Equal((0, "an unknown server"), (servers.Names.Count, servers.NameOf(KnownServers.Unknown)));
    }

    [Fact]
    public void What_tells_nothing_is_of_the_only_server_and_of_none_where_there_are_two()
    {
        Assert.Equal("1", Known([Server("1", A), null]).KeyOf(null));
        Assert.Equal(KnownServers.Unknown, Known([Server("1", A), null, Server("2", B)]).KeyOf(null));
    }

    [Fact]
    public void Where_others_are_named_what_tells_nothing_can_be_of_any_of_them()
    {
        var servers = KnownServers.Of([Server("1", A), null], apart: [A, B]);

        Assert.Equal((KnownServers.Unknown, true), (servers.KeyOf(null), servers.AreSeveral));
        Assert.Null(KnownServers.Of([null], apart: [A, B]).Meant(A, isAlone: false));
        Assert.Equal("1", KnownServers.Of([Server("1", A), null], apart: [A, A]).KeyOf(null));
    }

    [Fact]
    public void A_copy_that_calls_itself_the_same_is_another_server_where_both_addresses_are_named()
    {
        SnapshotServer?[] captured = [Server("1", B), Server(null, B), Server("1", A), Server("1", "former:8529")];

        Assert.Equal(["1"], captured.Select(Known(captured).KeyOf).Distinct());
        Assert.Equal(["1"], captured.Select(KnownServers.Of(captured, apart: [A, "former"]).KeyOf).Distinct());
        var servers = KnownServers.Of(captured, apart: [A, B]);
        Assert.Equal(["1 at beta:8529", "1 at beta:8529", "1 at alpha:8529", "1"], captured.Select(servers.KeyOf));
        Assert.Equal([B, A, "former:8529"], servers.Names);
        Assert.Equal("1 at alpha:8529", servers.Meant(A, isAlone: false));
    }

    [Fact]
    public void Half_of_a_server_tells_nothing()
    {
        SnapshotServer?[] captured = [Server("2", null!), Server("1", A), Server(null, "")];

        Assert.Equal(["1"], captured.Select(Known(captured).KeyOf).Distinct());
    }

    [Fact]
    public void A_server_is_the_same_at_another_address_and_another_one_at_the_same()
    {
        var moved = Known([Server("1", B), Server("1", A)]);
        Assert.False(moved.AreSeveral);
        Assert.Equal(("1", "1", B), (moved.At(A), moved.At(B), moved.NameOf("1")));

        var replaced = Known([Server("2", A), Server("1", A)]);
        Assert.Equal(("2", "alpha:8529 (server 2)", "alpha:8529 (server 1)"), (replaced.At(A), replaced.NameOf("2"), replaced.NameOf("1")));
    }

    [Fact]
    public void A_server_that_did_not_tell_is_the_one_that_did_at_its_address_if_only_one_did()
    {
        Assert.Equal("1", Known([Server(null, A), Server("1", A), Server("2", B)]).KeyOf(Server(null, A)));
        Assert.Equal(A, Known([Server(null, A), Server("2", A), Server("1", A)]).KeyOf(Server(null, A)));
        Assert.Equal([A, B], Known([Server(null, A), Server(null, B), Server(null, A)]).Names);
    }

    [Fact]
    public void Whoever_names_an_address_means_the_server_found_there_last()
    {
        var servers = Known([Server("2", A), Server("1", B), Server("1", A)]);

        Assert.Equal(("2", "1"), (servers.Meant(A, isAlone: false), servers.Meant(B, isAlone: false)));
    }

    [Fact]
    public void At_a_new_address_it_is_the_only_server_unless_it_may_be_somebody_elses()
    {
        var one = Known([Server("1", A)]);
        Assert.Equal("1", one.Meant("new:8529", isAlone: true));
        Assert.Null(one.Meant("new:8529", isAlone: false));

        Assert.Null(Known([Server("1", A), Server("2", "old:8529")]).Meant("new:8529", isAlone: true));
    }

    private static KnownServers Known(IEnumerable<SnapshotServer?> newestFirst) => KnownServers.Of(newestFirst, apart: []);

    private static SnapshotServer Server(string? id, string address) => new() { Id = id, Address = address };
}
