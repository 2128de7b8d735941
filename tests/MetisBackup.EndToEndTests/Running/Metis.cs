using System.Diagnostics;
using System.Text.Json;

namespace MetisBackup.EndToEndTests.Running;

/// <summary>How a run of the executable ended.</summary>
/// <param name="ExitCode">Its exit code; 128 + n when signal n killed it.</param>
/// <param name="Out">Standard output.</param>
/// <param name="Error">Standard error.</param>
internal sealed record RunResult(int ExitCode, string Out, string Error)
{
    /// <summary>The document on standard output.</summary>
    public JsonElement Json => JsonDocument.Parse(Out).RootElement;

    /// <summary>Insists on success.</summary>
    public RunResult Succeeded()
    {
        Assert.True(ExitCode == 0, $"exit code {ExitCode}\n{Error}\n{Out}");
        return this;
    }

    /// <summary>Insists on a failure: its exit code, words of its message, a hint where one is due, never a stack trace.</summary>
    public RunResult Failed(int code, params string[] words)
    {
        Assert.True(ExitCode == code, $"exit code {ExitCode} instead of {code}\n{Error}\n{Out}");
        Assert.Contains("error: ", Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", Error, StringComparison.Ordinal);
        Assert.All(words, word => Assert.Contains(word, Error, StringComparison.OrdinalIgnoreCase));
        return this;
    }
}

/// <summary>The executable under test: the published one when <c>METIS_BACKUP_EXE</c> names it, otherwise the one that was built.</summary>
internal static class Metis
{
    static Metis() => AppDomain.CurrentDomain.ProcessExit += static (_, _) => Directory.Delete(StateFolder!, recursive: true);

    public static string Executable { get; } = Environment.GetEnvironmentVariable("METIS_BACKUP_EXE") is { Length: > 0 } published
        ? published
        : Path.Combine(Repository.Root, "artifacts", "bin", "MetisBackup.App", "release", "metis-backup");

    /// <summary>Where the runs of the tests are remembered, in place of this machine's own directory.</summary>
    public static string StateFolder { get; } = Directory.CreateTempSubdirectory("metis-state-").FullName;

    /// <summary>Runs a command to its end, without a terminal and with nothing on standard input.</summary>
    public static Task<RunResult> RunAsync(params string[] arguments) => RunAsync(arguments, new Dictionary<string, string?>(StringComparer.Ordinal));

    /// <summary>The same with changed environment variables.</summary>
    public static async Task<RunResult> RunAsync(string[] arguments, IReadOnlyDictionary<string, string?> environment)
    {
        using var process = Start(arguments, environment);
        return await EndAsync(process);
    }

    /// <summary>Starts a command; its output waits in the pipes.</summary>
    public static Process Start(string[] arguments, IReadOnlyDictionary<string, string?>? environment = null) => Start(Executable, arguments, environment);

    /// <summary>Starts any program, the executable inside another one for example.</summary>
    public static Process Start(string program, string[] arguments, IReadOnlyDictionary<string, string?>? environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = Path.GetTempPath(), // no git repository, so that nothing of one is recorded
        };
        start.Environment.Remove("ARANGO_PASSWORD");
        start.Environment.Remove("NO_COLOR");
        start.Environment.Remove("METIS_BACKUP_EXE");
        start.Environment["XDG_CONFIG_HOME"] = "/nowhere"; // no configuration of whoever runs the tests
        start.Environment["STATE_DIRECTORY"] = StateFolder; // and no history of theirs
        start.Environment["TZ"] = "UTC";
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>(StringComparer.Ordinal))
        {
            if (value is null)
            {
                start.Environment.Remove(name);
            }
            else
            {
                start.Environment[name] = value;
            }
        }

        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    /// <summary>Waits for the end; two minutes are a failure.</summary>
    public static Task<RunResult> EndAsync(Process process) => EndAsync(process, TimeSpan.FromMinutes(2));

    /// <summary>The same with another patience.</summary>
    public static async Task<RunResult> EndAsync(Process process, TimeSpan limit)
    {
        using var patience = new CancellationTokenSource(limit);
        var output = process.StandardOutput.ReadToEndAsync(patience.Token);
        var error = process.StandardError.ReadToEndAsync(patience.Token);
        try
        {
            await process.WaitForExitAsync(patience.Token);
            return new RunResult(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException late)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{process.StartInfo.FileName} {string.Join(' ', process.StartInfo.ArgumentList)} did not end within {limit}.", late);
        }
    }
}
