using System.Globalization;
using MetisBackup.EndToEndTests.Running;

namespace MetisBackup.EndToEndTests;

/// <summary>The pages on alarms and hooks do what they say, with receivers of our own in place of those they name.</summary>
public sealed class AlarmManualTests
{
    [Fact]
    public async Task The_examples_of_the_page_on_alarms_reach_everybody()
    {
        await using var scene = await Scene.SetAsync(10);
        using var mail = await MailServer.StartAsync(Path.Combine(scene.Folder, "mail"));
        using var web = ReceivingServer.Start();
        await File.WriteAllTextAsync(Path.Combine(scene.Folder, "chat-url"), web.Address + "/chat\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(scene.Folder, "ping-url"), web.Address + "/ping\n", TestContext.Current.CancellationToken);

        await RunAsync(scene, "alarms.md", configuration => configuration
            .Replace("/etc/metis-backup", scene.Folder, StringComparison.Ordinal)
            .Replace("mail.example.org", "127.0.0.1", StringComparison.Ordinal)
            .Replace("587", mail.Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("security = \"starttls\"\nuser = \"metis\"\n", "security = \"none\"\n", StringComparison.Ordinal) // this server knows neither
            + "\n[status]\nignore = [\"dr\"]\n"); // no night of this machine is missed

        Assert.Equal(2, mail.Mails.Count);
        Assert.Equal(["/chat", "/chat", "/ping", "/ping"], web.Requests.Select(static one => one.Path).Order(StringComparer.Ordinal));
        Assert.StartsWith("{\"text\": \"TEST: test of the alarms on ", web.Requests.First(static one => one.Path == "/chat").Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_examples_of_the_page_on_hooks_run_them()
    {
        await using var scene = await Scene.SetAsync(10);
        var program = Path.Combine(scene.Folder, "writers");
        await File.WriteAllTextAsync(program, $"#!/bin/sh\necho $1 >> {program}.log\n", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        await RunAsync(scene, "hooks.md", configuration => configuration.Replace("/usr/local/bin/writers", program, StringComparison.Ordinal) + $"\n[operational]\ndatabase = \"{Scene.Database}\"\n");

        Assert.Equal(["pause", "resume"], await File.ReadAllLinesAsync(program + ".log", TestContext.Current.CancellationToken));
    }

    private static async Task RunAsync(Scene scene, string page, Func<string, string> settle)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "manual", page), TestContext.Current.CancellationToken);
        var block = text.Split("```toml\n")[1].Split("```")[0];
        var file = Path.Combine(scene.Folder, "config.toml");
        await File.WriteAllTextAsync(file, settle(block), TestContext.Current.CancellationToken);
        foreach (var example in ManualTests.Examples(text.Split('\n')))
        {
            using var process = Metis.Start("sh", ["-c", example.Replace("metis-backup ", $"'{Metis.Executable}' ", StringComparison.Ordinal) + $" --endpoint {scene.Http.Endpoint} --store {scene.Store} --config {file}"], environment: null);
            (await Metis.EndAsync(process)).Succeeded();
        }
    }
}
