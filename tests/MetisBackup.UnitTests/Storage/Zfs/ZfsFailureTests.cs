using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;
using MetisBackup.Storage.Processes;
using MetisBackup.Storage.Zfs;

namespace MetisBackup.UnitTests.Storage.Zfs;

public sealed class ZfsFailureTests
{
    private static readonly DatasetName Dataset = DatasetName.Require("dbpool/arangodb");

    public static MatrixTheoryData<string, string, ErrorCode> Recorded => new(
        ["zfs-fuse-0.7.0", "openzfs-2.1.11", "openzfs-2.3.2"],
        ["miss.ds", "miss.snap", "miss.pool", "miss.zpool", "miss.destroysnap", "miss.rollback", "miss.clone", "miss.promote", "miss.rename", "miss.mount", "miss.hold"],
        [ErrorCode.NotFound]);

    [Theory]
    [MemberData(nameof(Recorded))]
    public async Task What_is_missing_is_not_found(string version, string id, ErrorCode code) => Assert.Equal(code, (await FailureAsync(Recording.Of(version)[id])).Code);

    [Theory]
    [InlineData("openzfs-2.1.11", "perm.snap")]
    [InlineData("openzfs-2.3.2", "perm.destroy")]
    [InlineData("openzfs-2.3.2", "perm.hold")]
    [InlineData("openzfs-2.3.2", "perm.set")]
    [InlineData("openzfs-2.1.11", "perm.clone")]
    public async Task Missing_rights_name_the_command_that_grants_them(string version, string id)
    {
        var failure = await FailureAsync(Recording.Of(version)[id]);

        Assert.Equal(ErrorCode.Denied, failure.Code);
        Assert.Contains("zfs allow -u ", failure.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_module_that_is_not_loaded_is_said_so()
    {
        var failure = await FailureAsync(new ProcessResult(1, "", "The ZFS modules are not loaded.\nTry running '/sbin/modprobe zfs' as root to load them.\n"));

        Assert.Equal((ErrorCode.ServerFailed, true), (failure.Code, failure.Message.StartsWith("ZFS does not run", StringComparison.Ordinal)));
    }

    private static async Task<MetisException> FailureAsync(ProcessResult result)
    {
        var program = new ZfsProgram(new RecordedRunner(_ => result), "zfs");
        return await Assert.ThrowsAsync<MetisException>(() => program.RequireAsync(Dataset.Value, ["list"], TestContext.Current.CancellationToken));
    }
}
