using MetisBackup.App.Configuration;
using MetisBackup.App.Operations.DisasterRecovery;
using MetisBackup.Core.Errors;

namespace MetisBackup.UnitTests.App.DisasterRecovery;

public sealed class DrillIsolationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("metis-drill-").FullName;

    private string Configuration => Path.Combine(_folder, "arangod.conf");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("[rocksdb]\nwal-directory = /fast/wal\n", "/fast/wal", "rocksdb.wal-directory")]
    [InlineData("[javascript]\napp-path = /var/lib/apps\n", "/var/lib/apps", "javascript.app-path")]
    public void A_server_that_would_write_to_files_of_the_live_one_is_refused(string text, string path, string option)
    {
        File.WriteAllText(Configuration, text);

        var refusal = Assert.Throws<MetisException>(() => DrillIsolation.Require(["/usr/sbin/arangod", "--database.directory", "{data}"], Configuration));

        Assert.Equal(ErrorCode.Refused, refusal.Code);
        Assert.Contains(path, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("--" + option, refusal.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("arangod", "--rocksdb.wal-directory", "{data}/wal")]
    [InlineData("arangod", "--rocksdb.wal-directory={data}/wal")]
    [InlineData("arangod", "--configuration", "/etc/drill.conf")]
    [InlineData("arangod", "-c", "none")]
    [InlineData("my-drill-server")]
    public void A_server_that_has_its_own_is_not(params string[] command)
    {
        File.WriteAllText(Configuration, "[rocksdb]\nwal-directory = /fast/wal\n");

        Assert.Null(Record.Exception(() => DrillIsolation.Require(command, Configuration)));
        Assert.Null(Record.Exception(() => DrillIsolation.Require(["arangod"], Path.Combine(_folder, "missing"))));
    }

    [Fact]
    public void The_default_command_has_its_own()
    {
        File.WriteAllText(Configuration, "[rocksdb]\nwal-directory = /fast/wal\n[javascript]\napp-path = /var/lib/apps\n");
        var key = Schema.Keys.Single(static one => one.Path == "dr.drill_command");

        Assert.Null(Record.Exception(() => DrillIsolation.Require((IReadOnlyList<string>)key.Default!, Configuration)));
    }
}
