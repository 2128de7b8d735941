using MetisBackup.Core.Snapshots;

namespace MetisBackup.UnitTests.Core.Snapshots;

public sealed class KnownServersTests
{
    private const string A = "alpha:8529";
    private const string B = "beta:8529";

    [Fact]
    public void Where_no_snapshot_tells_its_server_there_is_one_that_everybody_means()
    {
        var servers = KnownServers.Of([null, null]);

        Assert.False(servers.AreSeveral);
        Assert.Equal((KnownServers.Unknown, KnownServers.Unknown), (servers.KeyOf(null), servers.Meant(A, [B])));
        Assert.Equal((0, "an unknown server"), (servers.Names.Count, servers.NameOf(KnownServers.Unknown)));
    }

    [Fact]
    public void What_tells_nothing_is_of_the_only_server_and_of_none_where_there_are_two()
    {
        Assert.Equal("1", KnownServers.Of([Server("1", A), null]).KeyOf(null));
        Assert.Equal(KnownServers.Unknown, KnownServers.Of([Server("1", A), null, Server("2", B)]).KeyOf(null));
    }

    [Fact]
    public void A_server_is_the_same_at_another_address_and_another_one_at_the_same()
    {
        var moved = KnownServers.Of([Server("1", B), Server("1", A)]);
        Assert.False(moved.AreSeveral);
        Assert.Equal(("1", "1", B), (moved.At(A), moved.At(B), moved.NameOf("1")));

        var replaced = KnownServers.Of([Server("2", A), Server("1", A)]);
        Assert.Equal(("2", "alpha:8529 (server 2)", "alpha:8529 (server 1)"), (replaced.At(A), replaced.NameOf("2"), replaced.NameOf("1")));
    }

    [Fact]
    public void A_server_that_did_not_tell_is_the_one_that_did_at_its_address_if_only_one_did()
    {
        Assert.Equal("1", KnownServers.Of([Server(null, A), Server("1", A), Server("2", B)]).KeyOf(Server(null, A)));
        Assert.Equal(A, KnownServers.Of([Server(null, A), Server("2", A), Server("1", A)]).KeyOf(Server(null, A)));
        Assert.Equal([A, B], KnownServers.Of([Server(null, A), Server(null, B), Server(null, A)]).Names);
    }

    [Fact]
    public void Whoever_names_an_address_means_the_server_found_there_last()
    {
        var servers = KnownServers.Of([Server("2", A), Server("1", B), Server("1", A)]);

        Assert.Equal(("2", "1"), (servers.Meant(A, []), servers.Meant(B, [A])));
    }

    [Fact]
    public void At_a_new_address_it_is_the_only_server_unless_that_is_somebody_elses()
    {
        var one = KnownServers.Of([Server("1", A)]);
        Assert.Equal("1", one.Meant("new:8529", [B]));
        Assert.Null(one.Meant(B, [A]));
        Assert.True(one.AreAllAt([A]));

        var two = KnownServers.Of([Server("1", A), Server("2", "old:8529")]);
        Assert.Null(two.Meant("new:8529", [A]));
        Assert.False(two.AreAllAt([A]));
    }

    private static SnapshotServer Server(string? id, string address) => new() { Id = id, Address = address };
}
