using MetisBackup.EndToEndTests.Running;

namespace MetisBackup.EndToEndTests;

/// <summary>What only a terminal shows; <c>script</c> lends one.</summary>
public sealed class TerminalTests
{
    private const string Script = "/usr/bin/script";

    [Theory]
    [InlineData("restore")]
    [InlineData("delete")]
    public async Task Without_a_terminal_and_without_yes_a_destructive_command_refuses(string command)
    {
        await using var scene = await Scene.SetAsync(50);
        await scene.CreateAsync("first");
        await scene.CreateAsync("second");
        await scene.ChangeAsync();
        var changed = await scene.PhotographAsync();

        (await scene.RunAsync(command, scene.Snapshots[0])).Failed(15, "--yes", "Plan");

        Assert.Equal(changed, await scene.PhotographAsync());
        Assert.Equal(2, scene.Snapshots.Count);
    }

    [Theory]
    [InlineData("yes", 0)]
    [InlineData("y", 15)]
    [InlineData("no", 15)]
    [InlineData("", 15)]
    public async Task On_a_terminal_only_the_word_yes_goes_on(string answer, int code)
    {
        await using var scene = await Scene.SetAsync(50);
        var before = await scene.PhotographAsync();
        var name = await scene.CreateAsync();
        await scene.ChangeAsync();
        var changed = await scene.PhotographAsync();

        var result = await OnTerminalAsync(answer, scene.Complete("restore", name));

        Assert.True(result.ExitCode == code, result.Out);
        Assert.Contains("Type yes to go on", result.Out, StringComparison.Ordinal);
        Assert.Equal(code == 0 ? before : changed, await scene.PhotographAsync());
    }

    [Fact]
    public async Task Colours_are_for_terminals_that_want_them()
    {
        await using var scene = await Scene.SetAsync(50);
        await scene.CreateAsync();

        Assert.Contains('\u001b', (await OnTerminalAsync("", scene.Complete("verify", "--all"))).Out);
        Assert.DoesNotContain("\u001b[32m", (await OnTerminalAsync("", scene.Complete("verify", "--all"), ("NO_COLOR", "1"))).Out, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', (await OnTerminalAsync("", scene.Complete("verify", "--all"), ("TERM", "dumb"))).Out);
        Assert.DoesNotContain('\u001b', (await scene.RunAsync("verify", "--all")).Succeeded().Out);
    }

    private static async Task<RunResult> OnTerminalAsync(string answer, string[] arguments, params (string Name, string Value)[] environment)
    {
        if (!File.Exists(Script))
        {
            Assert.Skip($"{Script} is not installed");
        }

        var line = string.Join(' ', new[] { Metis.Executable }.Concat(arguments).Select(one => $"'{one}'"));
        var variables = new Dictionary<string, string?>(StringComparer.Ordinal) { ["TERM"] = "xterm" };
        foreach (var (name, value) in environment)
        {
            variables[name] = value;
        }

        using var process = Metis.Start("sh", ["-c", $"printf '%s\\n' '{answer}' | {Script} --quiet --return --echo never --command \"{line}\" /dev/null"], variables);
        return await Metis.EndAsync(process);
    }
}
