using MetisBackup.Core.Errors;
using MetisBackup.Storage.Processes;
using MetisBackup.Storage.Services;

namespace MetisBackup.IntegrationTests.Services;

public sealed class WithoutSystemdTests
{
    [Fact]
    public async Task Without_systemd_the_hint_names_the_other_way()
    {
        Assert.SkipWhen(Directory.Exists("/run/systemd/system"), "systemd keeps this machine");
        Assert.SkipWhen(ProgramFinder.System.Find("systemctl") is null, "needs systemctl (Debian: systemd)");
        var service = new SystemdService(new ProcessRunner(TimeProvider.System), TimeProvider.System, "arangodb3", ServiceTimes.Usual);

        var failure = await Assert.ThrowsAsync<MetisException>(() => service.StopAsync(TestContext.Current.CancellationToken));

        Assert.Equal(ErrorCode.ServerFailed, failure.Code);
        Assert.Contains("give the commands", failure.Hint, StringComparison.Ordinal);
    }
}
