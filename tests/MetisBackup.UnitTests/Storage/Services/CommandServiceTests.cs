using MetisBackup.Core.Errors;
using MetisBackup.Storage.Processes;
using MetisBackup.Storage.Services;

namespace MetisBackup.UnitTests.Storage.Services;

public sealed class CommandServiceTests : IDisposable
{
    private readonly ScriptFolder _folder = new();
    private readonly ServiceCommands _commands;

    public CommandServiceTests() => _commands = new ServiceCommands(
        [_folder.Script("start", "echo \"$1\" > started; setsid sleep 300 >/dev/null 2>&1 </dev/null &\necho $! > pid"), "an argument"],
        [_folder.Script("stop", "kill $(cat pid); while kill -0 $(cat pid) 2>/dev/null && ! grep -q ') Z' /proc/$(cat pid)/stat; do sleep 0.01; done; rm pid")],
        [_folder.Script("status", "[ -s pid ] && kill -0 $(cat pid) 2>/dev/null || exit 3")]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_server_is_started_and_stopped_and_both_may_be_asked_twice()
    {
        var service = Service(_commands);
        Assert.Equal(ServiceState.Stopped, (await service.ReadStatusAsync(Token)).State);

        await service.StartAsync(Token);

        Assert.Equal(ServiceState.Running, (await service.ReadStatusAsync(Token)).State);
        Assert.Equal("an argument", _folder.Text("started"));
        var id = _folder.Text("pid");
        await service.StartAsync(Token);
        Assert.Equal(id, _folder.Text("pid"));

        await service.StopAsync(Token);
        await service.StopAsync(Token);

        Assert.Equal(ServiceState.Stopped, (await service.ReadStatusAsync(Token)).State);
    }

    [Fact]
    public async Task A_server_that_does_not_stop_is_named_with_what_its_command_said()
    {
        var service = Service(_commands with { Stop = [_folder.Script("refuse", "echo no such thing >&2; exit 5")] });
        await service.StartAsync(Token);

        var failure = await Assert.ThrowsAsync<MetisException>(() => service.StopAsync(Token));

        Assert.Equal(ErrorCode.ServerFailed, failure.Code);
        Assert.Contains("arangodb did not stop", failure.Message, StringComparison.Ordinal);
        Assert.Contains("no such thing", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_stays_although_its_command_succeeded_is_named_after_the_time_limit()
    {
        var service = Service(_commands with { Stop = ["true"] }, TimeSpan.FromMilliseconds(300));
        await service.StartAsync(Token);

        Assert.Contains("within 0.3 seconds: running", (await Assert.ThrowsAsync<MetisException>(() => service.StopAsync(Token))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_does_not_start_is_named_with_what_its_command_said()
    {
        var service = Service(_commands with { Start = [_folder.Script("fail", "echo LOCK is held >&2; exit 1")] });

        var failure = await Assert.ThrowsAsync<MetisException>(() => service.StartAsync(Token));

        Assert.Contains("arangodb did not start", failure.Message, StringComparison.Ordinal);
        Assert.Contains("LOCK is held", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_means_nothing_is_no_answer()
    {
        var service = Service(_commands with { Status = [_folder.Script("odd", "exit 4")] });

        Assert.Equal(ErrorCode.ServerFailed, (await Assert.ThrowsAsync<MetisException>(() => service.StopAsync(Token))).Code);
    }

    [Fact]
    public void A_command_that_is_missing_is_refused() =>
        Assert.Equal(ErrorCode.Usage, Assert.Throws<MetisException>(() => Service(_commands with { Stop = [] })).Code);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static CommandService Service(ServiceCommands commands, TimeSpan? stop = null) => new(
        new ProcessRunner(TimeProvider.System), TimeProvider.System, "arangodb", commands, new ServiceTimes(stop ?? TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(30)));
}
