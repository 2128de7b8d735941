using MetisBackup.App.Operations.DisasterRecovery;
using MetisBackup.Arango.Client;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;
using MetisBackup.Storage.Zfs;

namespace MetisBackup.UnitTests.App.DisasterRecovery;

public sealed class DataCoverageTests : IDisposable
{
    private static readonly DatasetName[] Tree = [DatasetName.Require("dbpool/arangodb"), DatasetName.Require("dbpool/arangodb/wal")];
    private readonly string _folder = Directory.CreateTempSubdirectory("metis-coverage-").FullName;

    private string Data => Path.Combine(_folder, "data");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Each_path_that_the_server_names_outside_is_named()
    {
        var failure = Gap(new ServerPaths(Data, "/fast/wal", "/var/lib/apps"));

        Assert.Contains("WAL directory /fast/wal (on /dev/vda)", failure, StringComparison.Ordinal);
        Assert.Contains("Foxx app path /var/lib/apps (on /dev/vda)", failure, StringComparison.Ordinal);
        Assert.DoesNotContain("database directory", failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_path_that_the_configuration_names_outside_is_named()
    {
        var file = Path.Combine(_folder, "arangod.conf");
        File.WriteAllText(file, "[database]\ndirectory = /elsewhere\n[rocksdb]\nwal-directory = /fast/wal\n[javascript]\napp-path = /var/lib/apps\n");

        var failure = Gap(told: null, file);

        Assert.Contains("database directory /elsewhere (on /dev/vda)", failure, StringComparison.Ordinal);
        Assert.Contains("WAL directory /fast/wal (on /dev/vda)", failure, StringComparison.Ordinal);
        Assert.Contains("Foxx app path /var/lib/apps (on /dev/vda)", failure, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_server_says_counts_more_than_its_configuration()
    {
        var file = Path.Combine(_folder, "arangod.conf");
        File.WriteAllText(file, "[database]\ndirectory = /elsewhere\n");

        Assert.Empty(Require(new ServerPaths(Data, null, null), file));
    }

    [Fact]
    public void Another_file_system_below_the_data_is_a_gap_and_a_data_set_of_the_tree_is_none()
    {
        var table = $"27 1 254:0 / / rw - ext4 /dev/vda rw\n65 27 0:41 / {Data} rw - zfs dbpool/arangodb rw\n66 65 0:42 / {Data}/wal rw - zfs dbpool/arangodb/wal rw\n"
            + $"67 65 0:43 / {Data}/.zfs/snapshot/a rw - zfs dbpool/arangodb@a rw\n68 65 0:44 / {Data}/engine-rocksdb rw - ext4 /dev/fast rw\n";

        var failure = Gap(new ServerPaths(Data, null, null), table: table);

        Assert.Contains($"what is mounted below {Data}, {Data}/engine-rocksdb (on /dev/fast)", failure, StringComparison.Ordinal);
        Assert.Equal(1, failure.Split("(on ").Length - 1);
    }

    [Fact]
    public void A_link_that_leads_out_is_a_gap_until_it_is_accepted()
    {
        Directory.CreateDirectory(Path.Combine(Data, "engine-rocksdb"));
        Directory.CreateDirectory(Path.Combine(_folder, "fast"));
        File.CreateSymbolicLink(Path.Combine(Data, "engine-rocksdb", "journals"), Path.Combine(_folder, "fast"));
        File.CreateSymbolicLink(Path.Combine(Data, "inside"), Path.Combine(Data, "engine-rocksdb"));
        var told = new ServerPaths(Data, null, null);

        Assert.Contains($"what {Data}/engine-rocksdb/journals links to, {_folder}/fast (on /dev/vda)", Gap(told), StringComparison.Ordinal);
        Assert.Empty(Require(told, accepted: Path.Combine(_folder, "fast")));
    }

    [Fact]
    public void What_cannot_be_checked_is_said()
    {
        Assert.Contains("It was not checked", Assert.Single(Require(told: null)), StringComparison.Ordinal);
        Assert.Contains("'@ROOTDIR@/apps'", Assert.Single(Require(new ServerPaths(Data, null, "@ROOTDIR@/apps"))), StringComparison.Ordinal);
    }

    private string Gap(ServerPaths? told, string configuration = "/nonexistent", string? table = null)
    {
        var failure = Assert.Throws<MetisException>(() => Require(told, configuration, table: table));
        Assert.Equal(ErrorCode.CoverageGap, failure.Code);
        return failure.Message;
    }

    private IReadOnlyList<string> Require(ServerPaths? told, string configuration = "/nonexistent", string? accepted = null, string? table = null) => DataCoverage.Require(
        new CoverageRequest { ServerConfiguration = configuration, Accepted = accepted is null ? [] : [accepted] },
        told,
        Tree,
        MountTable.Parse(table ?? $"27 1 254:0 / / rw - ext4 /dev/vda rw\n65 27 0:41 / {Data} rw - zfs dbpool/arangodb rw\n"));
}
