using System.Diagnostics;
using System.Globalization;
using MetisBackup.Core.Errors;
using MetisBackup.Storage.Processes;

namespace MetisBackup.UnitTests.Storage.Processes;

public sealed class ProcessRunnerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("metis-process-").FullName;
    private readonly ProcessRunner _runner = new(TimeProvider.System);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Exit_code_and_both_texts_come_back()
    {
        var result = await _runner.RunAsync(Shell("echo one; echo two; echo bad >&2; exit 7"), Token);

        Assert.Equal(new ProcessResult(7, "one\ntwo\n", "bad\n"), result);
        Assert.Equal(["one", "two"], result.Lines);
        Assert.Equal("bad", result.Complaint);
        Assert.False(result.Succeeded);
    }

    [Fact]
    public async Task Arguments_reach_the_program_as_they_are()
    {
        string[] hostile = ["a b", "$HOME", "`id`", "\"'", "", "*", "-n\n", "ü"];

        var result = await _runner.RunAsync(new ProcessRequest { Program = "printf", Arguments = ["<%s>", .. hostile] }, Token);

        Assert.Equal(string.Concat(hostile.Select(one => $"<{one}>")), result.Out);
    }

    [Fact]
    public async Task The_environment_holds_only_known_variables()
    {
        Environment.SetEnvironmentVariable("METIS_PROCESS_TEST", "geheim");
        var result = await _runner.RunAsync(new ProcessRequest { Program = "env", Environment = new Dictionary<string, string> { ["EXTRA"] = "1" } }, Token);

        Assert.DoesNotContain("METIS_PROCESS_TEST", result.Out, StringComparison.Ordinal);
        Assert.Contains("LC_ALL=C", result.Lines);
        Assert.Contains("EXTRA=1", result.Lines);
        Assert.Contains(result.Lines, line => line.StartsWith("PATH=", StringComparison.Ordinal) && line.Contains("/usr/sbin", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nothing_is_on_standard_input_and_the_root_is_the_working_directory() =>
        Assert.Equal("/\n", (await _runner.RunAsync(Shell("cat; pwd"), Token)).Out);

    [Fact]
    public async Task Lines_are_handed_on_as_they_come()
    {
        var lines = new List<string>();

        var result = await _runner.RunAsync(Shell("i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done; printf end") with { OnLine = lines.Add }, Token);

        Assert.Equal("", result.Out);
        Assert.Equal([.. Enumerable.Range(0, 20000).Select(i => $"line {i}"), "end"], lines);
    }

    [Fact]
    public async Task A_program_that_says_too_much_is_killed()
    {
        var failure = await Assert.ThrowsAsync<MetisException>(() => _runner.RunAsync(new ProcessRequest { Program = "yes", OutLimit = 100_000 }, Token));

        Assert.Equal(ErrorCode.ServerFailed, failure.Code);
        Assert.Contains("100000 characters", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_without_end_is_refused()
    {
        var failure = await Assert.ThrowsAsync<MetisException>(() =>
            _runner.RunAsync(new ProcessRequest { Program = "head", Arguments = ["-c", "3000000", "/dev/zero"], OnLine = _ => { } }, Token));

        Assert.Contains("a line of more than", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Complaints_without_end_are_read_and_cut()
    {
        var result = await _runner.RunAsync(Shell("head -c 3000000 /dev/zero | tr '\\0' x >&2; echo done"), Token);

        Assert.Equal("done\n", result.Out);
        Assert.Equal(64 * 1024, result.Error.Length);
    }

    [Fact]
    public async Task A_program_that_takes_too_long_is_killed_with_those_it_started()
    {
        var file = Path.Combine(_folder, "child");
        var failure = await Assert.ThrowsAsync<MetisException>(() =>
            _runner.RunAsync(Shell($"sleep 300 & echo $! > '{file}'; wait") with { TimeLimit = TimeSpan.FromSeconds(1) }, Token));

        Assert.Equal(ErrorCode.ServerFailed, failure.Code);
        Assert.Contains("sh -c did not end within 1 seconds", failure.Message, StringComparison.Ordinal);
        AssertGone(int.Parse(await File.ReadAllTextAsync(file, Token), CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Cancelling_kills_the_program_and_those_it_started()
    {
        var file = Path.Combine(_folder, "child");
        using var cancelling = new CancellationTokenSource();
        var run = _runner.RunAsync(
            Shell($"sleep 300 & echo $! > '{file}'; echo ready; wait") with { OnLine = _ => cancelling.Cancel() }, cancelling.Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);

        AssertGone(int.Parse(await File.ReadAllTextAsync(file, Token), CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task A_server_left_running_is_not_waited_for_although_it_holds_the_pipe()
    {
        var file = Path.Combine(_folder, "server");
        var watch = Stopwatch.StartNew();

        var result = await _runner.RunAsync(Shell($"sleep 300 & echo $! > '{file}'; echo started"), Token);

        Assert.Equal("started\n", result.Out);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60));
        using var server = Process.GetProcessById(int.Parse(await File.ReadAllTextAsync(file, Token), CultureInfo.InvariantCulture));
        server.Kill();
    }

    [Fact]
    public async Task A_missing_program_is_named_with_a_hint()
    {
        var failure = await Assert.ThrowsAsync<MetisException>(() =>
            _runner.RunAsync(new ProcessRequest { Program = "zfs-that-is-nowhere", Arguments = ["list"], IfMissing = "install zfsutils-linux" }, Token));

        Assert.Equal((ErrorCode.ServerFailed, "zfs-that-is-nowhere is not installed.", "install zfsutils-linux"), (failure.Code, failure.Message, failure.Hint));
    }

    [Fact]
    public async Task A_missing_path_is_named()
    {
        var failure = await Assert.ThrowsAsync<MetisException>(() => _runner.RunAsync(new ProcessRequest { Program = "/nowhere/zfs" }, Token));

        Assert.Contains("'/nowhere/zfs'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_program_cannot_be_started()
    {
        var file = Path.Combine(_folder, "text");
        await File.WriteAllTextAsync(file, "\u0001\u0002 no program", Token);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        var failure = await Assert.ThrowsAsync<MetisException>(() => _runner.RunAsync(new ProcessRequest { Program = file }, Token));

        Assert.Equal(ErrorCode.ServerFailed, failure.Code);
        Assert.Contains("cannot be started", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("../zfs")]
    [InlineData("bin/zfs")]
    [InlineData("zfs\0")]
    public async Task A_program_is_a_name_or_an_absolute_path(string program)
    {
        var failure = await Assert.ThrowsAsync<MetisException>(() => _runner.RunAsync(new ProcessRequest { Program = program }, Token));

        Assert.Equal(ErrorCode.Usage, failure.Code);
    }

    [Fact]
    public void Own_directories_come_before_those_of_the_path_and_relative_ones_never()
    {
        foreach (var name in (string[])["own", "path"])
        {
            Directory.CreateDirectory(Path.Combine(_folder, name));
            var program = Path.Combine(_folder, name, "tool");
            File.WriteAllText(program, "");
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        File.WriteAllText(Path.Combine(_folder, "own", "text"), "");

        var finder = new ProgramFinder([Path.Combine(_folder, "own")], $".::bin:{Path.Combine(_folder, "path")}");

        Assert.Equal(Path.Combine(_folder, "own", "tool"), finder.Find("tool"));
        Assert.Null(finder.Find("text"));
        Assert.Equal($"{_folder}/own:{_folder}/path", finder.SearchPath);
    }

    [Fact]
    public async Task A_program_beside_us_is_asked_to_end_and_obeys()
    {
        await using var program = _runner.Start(Shell("trap 'echo bye; exit 3' TERM; echo up; while :; do sleep 0.05; done"));
        await UntilAsync(() => program.LastLines.Contains("up"));
        Assert.Null(program.ExitCode);

        Assert.True(await program.StopAsync(TimeSpan.FromMinutes(1), Token));

        Assert.Equal(3, program.ExitCode);
        await UntilAsync(() => program.LastLines.Contains("bye"));
    }

    [Fact]
    public async Task A_program_beside_us_that_does_not_obey_is_killed()
    {
        await using var program = _runner.Start(Shell("trap '' TERM; echo up; while :; do sleep 0.05; done"));
        await UntilAsync(() => program.LastLines.Contains("up"));

        Assert.False(await program.StopAsync(TimeSpan.FromMilliseconds(200), Token));

        Assert.Equal(137, program.ExitCode);
    }

    [Fact]
    public async Task Recorded_answers_come_in_their_order()
    {
        var recorded = new RecordedProcessRunner(["### a | zfs list -H", "rc=0", "O: one", "O: two", "### b | zfs list -H", "rc=1", "E: no"]);
        var request = new ProcessRequest { Program = "/sbin/zfs", Arguments = ["list", "-H"] };

        Assert.Equal(new ProcessResult(0, "one\ntwo\n", ""), await recorded.RunAsync(request, Token));
        Assert.Equal(new ProcessResult(1, "", "no\n"), await recorded.RunAsync(request, Token));
        Assert.Equal(["zfs list -H", "zfs list -H"], recorded.Asked);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static ProcessRequest Shell(string script) => new() { Program = "sh", Arguments = ["-c", script] };

    /// <summary>Gone, or a zombie that its new parent has not collected yet.</summary>
    private static void AssertGone(int id)
    {
        var path = $"/proc/{id}/stat";
        for (var watch = Stopwatch.StartNew(); File.Exists(path) && !IsZombie(path); Thread.Sleep(10))
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"process {id} still runs");
        }
    }

    private static bool IsZombie(string path)
    {
        try
        {
            return File.ReadAllText(path).Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var watch = Stopwatch.StartNew(); !condition(); await Task.Delay(10, Token))
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), "it never came");
        }
    }
}
