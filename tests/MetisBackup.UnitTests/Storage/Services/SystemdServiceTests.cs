using MetisBackup.Core.Errors;
using MetisBackup.Storage.Processes;
using MetisBackup.Storage.Services;

namespace MetisBackup.UnitTests.Storage.Services;

/// <summary>Against a program that answers as systemctl does and keeps a real process.</summary>
public sealed class SystemdServiceTests : IDisposable
{
    private const string Systemctl = """
        echo "$*" >> asked
        load=loaded; [ -e load ] && load=$(cat load)
        case "$1" in
        show)
            state=inactive; sub=dead; main=0; result=success
            [ -e pid ] && { state=active; sub=running; main=$(cat pid); }
            [ -e state ] && state=$(cat state)
            [ "$state" = failed ] && result=exit-code
            printf 'LoadState=%s\nActiveState=%s\nSubState=%s\nResult=%s\nMainPID=%s\nControlPID=0\n' $load $state $sub $result $main ;;
        start)
            [ -e refuse ] && { cat refuse >&2; exit 1; }
            rm -f state
            setsid sleep 300 >/dev/null 2>&1 </dev/null &
            echo $! > pid ;;
        stop)
            [ -e refuse ] && { cat refuse >&2; exit $(cat code); }
            [ -e ignore ] && exit 0
            # says that it is down before the process is gone
            id=$(cat pid); mv pid old
            ( sleep 0.5; kill -KILL $id ) >/dev/null 2>&1 </dev/null & ;;
        reset-failed) rm -f state ;;
        esac
        """;

    private readonly ScriptFolder _folder = new();
    private readonly string _systemctl;

    public SystemdServiceTests() => _systemctl = _folder.Script("systemctl", Systemctl);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_unit_is_down_only_when_its_process_is_gone()
    {
        var service = Service();
        await service.StartAsync(Token);
        var running = await service.ReadStatusAsync(Token);
        Assert.Equal((ServiceState.Running, "active (running)"), (running.State, running.Detail));

        await service.StopAsync(Token);

        var stat = $"/proc/{running.MainProcess}/stat";
        Assert.True(!File.Exists(stat) || (await File.ReadAllTextAsync(stat, Token)).Contains(") Z ", StringComparison.Ordinal));
        Assert.Equal(ServiceState.Stopped, (await service.ReadStatusAsync(Token)).State);
        Assert.Contains("stop --no-block --no-ask-password -- arangodb3.service", _folder.Text("asked"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_so_already_is_not_asked_for()
    {
        var service = Service();
        await service.StopAsync(Token);
        await service.StartAsync(Token);
        await service.StartAsync(Token);

        Assert.Equal(["start"], _folder.Text("asked").Split('\n').Select(line => line.Split(' ')[0]).Where(verb => verb != "show"));
    }

    [Fact]
    public async Task A_unit_that_failed_is_forgiven_before_it_is_started()
    {
        _folder.Write("state", "failed");
        var service = Service();
        var before = await service.ReadStatusAsync(Token);
        Assert.Equal((ServiceState.Failed, "failed (dead, result exit-code)"), (before.State, before.Detail));

        await service.StartAsync(Token);

        Assert.Equal(["reset-failed", "start"], _folder.Text("asked").Split('\n').Select(line => line.Split(' ')[0]).Where(verb => verb != "show"));
        Assert.Equal(ServiceState.Running, (await service.ReadStatusAsync(Token)).State);
    }

    [Fact]
    public async Task A_unit_that_does_not_start_is_named_with_the_way_to_its_log()
    {
        _folder.Write("refuse", "Job for arangodb3.service failed because the control process exited with error code.");

        var failure = await Assert.ThrowsAsync<MetisException>(() => Service().StartAsync(Token));

        Assert.Equal(ErrorCode.ServerFailed, failure.Code);
        Assert.Contains("arangodb3.service did not start: inactive (dead); Job for", failure.Message, StringComparison.Ordinal);
        Assert.Contains("journalctl -u arangodb3.service", failure.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_unit_that_does_not_stop_is_named_after_the_time_limit()
    {
        var service = Service(TimeSpan.FromMilliseconds(500));
        await service.StartAsync(Token);
        _folder.Write("ignore", "");

        Assert.Contains("did not stop within 0.5 seconds: active (running)", (await Assert.ThrowsAsync<MetisException>(() => service.StopAsync(Token))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("4", "")]
    [InlineData("1", "Failed to stop arangodb3.service: Access denied")]
    public async Task Missing_rights_are_called_so(string code, string complaint)
    {
        var service = Service();
        await service.StartAsync(Token);
        _folder.Write("refuse", complaint);
        _folder.Write("code", code);

        Assert.Equal(ErrorCode.Denied, (await Assert.ThrowsAsync<MetisException>(() => service.StopAsync(Token))).Code);
    }

    [Fact]
    public async Task A_unit_that_is_unknown_is_not_found()
    {
        _folder.Write("load", "not-found");

        var failure = await Assert.ThrowsAsync<MetisException>(() => Service().StopAsync(Token));

        Assert.Equal((ErrorCode.NotFound, "systemd knows no unit arangodb3.service."), (failure.Code, failure.Message));
    }

    [Theory]
    [InlineData("activating", ServiceState.Changing)]
    [InlineData("deactivating", ServiceState.Changing)]
    [InlineData("reloading", ServiceState.Running)]
    public async Task Every_state_means_something(string state, ServiceState meaning)
    {
        _folder.Write("state", state);

        Assert.Equal(meaning, (await Service().ReadStatusAsync(Token)).State);
    }

    [Fact]
    public async Task A_state_that_nobody_knows_is_an_error()
    {
        _folder.Write("state", "dreaming");

        Assert.Contains("'dreaming'", (await Assert.ThrowsAsync<MetisException>(() => Service().ReadStatusAsync(Token))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("--now")]
    [InlineData("a b")]
    [InlineData("a;b")]
    [InlineData("../x")]
    [InlineData("a\n")]
    public void A_name_that_no_unit_can_have_is_refused(string unit) =>
        Assert.Equal(ErrorCode.Usage, Assert.Throws<MetisException>(() => SystemdService.RequireUnit(unit)).Code);

    [Fact]
    public void The_kind_of_unit_may_be_left_out()
    {
        Assert.Equal("arangodb3.service", SystemdService.RequireUnit("arangodb3"));
        Assert.Equal("arangodb3@1.service", SystemdService.RequireUnit("arangodb3@1.service"));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private SystemdService Service(TimeSpan? stop = null) =>
        new(new ProcessRunner(TimeProvider.System), TimeProvider.System, "arangodb3", new ServiceTimes(stop ?? TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(30)), _systemctl);
}
