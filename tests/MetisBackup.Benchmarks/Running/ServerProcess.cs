using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace MetisBackup.Benchmarks.Running;

/// <summary>The embedded server in a process of its own.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ServerProcess(Process process, string endpoint)
    {
        _process = process;
        Endpoint = endpoint;
        Client = new HttpClient { BaseAddress = new Uri(endpoint), Timeout = TimeSpan.FromMinutes(10) };
    }

    public string Endpoint { get; }

    public HttpClient Client { get; }

    public double CpuSeconds => MeteredProcess.CpuOf(_process.Id);

    public static async Task<ServerProcess> StartAsync(string executable, string data)
    {
        var endpoint = $"http://127.0.0.1:{FreePort()}";
        var start = new ProcessStartInfo(executable, ["devserver", "--data", data, "--listen", endpoint]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, line) => Console.Error.WriteLine(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var server = new ServerProcess(process, endpoint);
        for (var attempt = 0; attempt < 200; attempt++)
        {
            try
            {
                using var answer = await server.Client.GetAsync(new Uri("/_admin/server/availability", UriKind.Relative));
                if (answer.IsSuccessStatusCode)
                {
                    return server;
                }
            }
            catch (HttpRequestException) when (!process.HasExited)
            {
                await Task.Delay(50);
            }
        }

        await server.DisposeAsync();
        throw new InvalidOperationException("the embedded server did not start");
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
