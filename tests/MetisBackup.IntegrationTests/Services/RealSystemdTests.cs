using System.Diagnostics;
using MetisBackup.Core.Errors;
using MetisBackup.Storage.Processes;
using MetisBackup.Storage.Services;

namespace MetisBackup.IntegrationTests.Services;

/// <summary>Against a real systemd, in a container that the end-to-end tests start; never on the systemd of a person's machine.</summary>
public sealed class RealSystemdTests
{
    private const string LabVariable = "METIS_SYSTEMD_LAB";
    private readonly ProcessRunner _runner = new(TimeProvider.System);

    public RealSystemdTests() => Assert.SkipUnless(Environment.GetEnvironmentVariable(LabVariable) == "1", "needs a systemd of its own (./check --long starts one)");

    [Fact]
    public async Task A_server_that_takes_its_time_is_down_when_stop_returns()
    {
        await WriteUnitAsync("metis-slow", "ExecStart=/bin/sh -c 'trap \"sleep 1; exit 0\" TERM; while :; do sleep 0.1; done'");
        var service = Service("metis-slow");
        Assert.Equal("inactive (dead)", (await service.ReadStatusAsync(Token)).Detail);
        await service.StartAsync(Token);
        var running = await service.ReadStatusAsync(Token);
        Assert.Equal((ServiceState.Running, "active (running)"), (running.State, running.Detail));
        Assert.True(Directory.Exists($"/proc/{running.MainProcess}"));

        await service.StopAsync(Token);

        Assert.False(Directory.Exists($"/proc/{running.MainProcess}"));
        Assert.Equal(ServiceState.Stopped, (await service.ReadStatusAsync(Token)).State);
    }

    [Fact]
    public async Task A_server_that_fails_again_and_again_starts_once_it_can()
    {
        var works = Path.Combine(Path.GetTempPath(), "metis-works");
        File.Delete(works);
        await WriteUnitAsync("metis-weak", $"Type=notify\nNotifyAccess=all\nExecStart=/bin/sh -c 'test -e {works} && systemd-notify --ready && exec sleep 1000'");
        var service = Service("metis-weak");

        // more often than systemd's own limit of five starts in ten seconds
        for (var i = 0; i < 7; i++)
        {
            var failure = await Assert.ThrowsAsync<MetisException>(() => service.StartAsync(Token));
            Assert.Equal(ErrorCode.ServerFailed, failure.Code);
            Assert.Contains("failed (failed, result ", failure.Message, StringComparison.Ordinal);
        }

        await File.WriteAllTextAsync(works, "", Token);
        await service.StartAsync(Token);

        Assert.Equal(ServiceState.Running, (await service.ReadStatusAsync(Token)).State);
        await service.StopAsync(Token);
    }

    [Fact]
    public async Task A_server_that_does_not_stop_is_named_and_left_as_it_is()
    {
        await WriteUnitAsync("metis-deaf", "TimeoutStopSec=600\nExecStart=/bin/sh -c 'trap \"\" TERM; while :; do sleep 0.1; done'");
        var service = Service("metis-deaf", TimeSpan.FromSeconds(1));
        await service.StartAsync(Token);

        var failure = await Assert.ThrowsAsync<MetisException>(() => service.StopAsync(Token));

        Assert.Equal("metis-deaf.service did not stop within 1 seconds: deactivating (stop-sigterm).", failure.Message);
        Assert.Equal(ServiceState.Changing, (await service.ReadStatusAsync(Token)).State);
        await RunAsync("kill", "--signal=KILL", "metis-deaf.service");
    }

    [Fact]
    public async Task A_unit_that_nobody_made_is_not_found() =>
        Assert.Equal(ErrorCode.NotFound, (await Assert.ThrowsAsync<MetisException>(() => Service("metis-none").StartAsync(Token))).Code);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static async Task WriteUnitAsync(string name, string lines)
    {
        await File.WriteAllTextAsync($"/run/systemd/system/{name}.service", $"[Service]\n{lines}\n", Token);
        await RunAsync("daemon-reload");
    }

    private static async Task RunAsync(params string[] arguments)
    {
        using var process = Process.Start("systemctl", arguments);
        await process.WaitForExitAsync(Token);
        Assert.Equal(0, process.ExitCode);
    }

    private SystemdService Service(string unit, TimeSpan? stop = null) =>
        new(_runner, TimeProvider.System, unit, new ServiceTimes(stop ?? TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(30)));
}
