using System.Diagnostics;

namespace MetisBackup.EndToEndTests.Running;

/// <summary>The embedded server as a process of its own, on a folder that outlives it.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly string _data;
    private readonly string? _passwordFile;

    private ServerProcess(string data, string? passwordFile, Process process, string endpoint) =>
        (_data, _passwordFile, Process, Endpoint) = (data, passwordFile, process, endpoint);

    /// <summary>Where it listens; the same after <see cref="RestartAsync"/>.</summary>
    public string Endpoint { get; }

    public Process Process { get; private set; }

    public static async Task<ServerProcess> StartAsync(string data, string? passwordFile = null)
    {
        var (process, endpoint) = await LaunchAsync(data, passwordFile, $"http://127.0.0.1:{FreePort.Find()}");
        return new ServerProcess(data, passwordFile, process, endpoint);
    }

    /// <summary>As if the power went.</summary>
    public async Task KillAsync()
    {
        Process.Kill();
        await Process.WaitForExitAsync(CancellationToken.None);
    }

    public async Task RestartAsync()
    {
        Process.Dispose();
        (Process, _) = await LaunchAsync(_data, _passwordFile, Endpoint);
    }

    public async ValueTask DisposeAsync()
    {
        if (!Process.HasExited)
        {
            Signals.Send(Process, "TERM");
            await Process.WaitForExitAsync(CancellationToken.None);
        }

        Process.Dispose();
    }

    private static async Task<(Process Process, string Endpoint)> LaunchAsync(string data, string? passwordFile, string listen)
    {
        string[] password = passwordFile is null ? [] : ["--password-file", passwordFile];
        var process = Metis.Start(["devserver", "--data", data, "--listen", listen, .. password]);
        var line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        if (line is null || !line.StartsWith("listening on ", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"The server did not start: {line} {await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)}");
        }

        return (process, line["listening on ".Length..]);
    }
}
