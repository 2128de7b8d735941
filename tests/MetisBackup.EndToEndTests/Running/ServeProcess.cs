using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;

namespace MetisBackup.EndToEndTests.Running;

/// <summary><c>metis-backup serve</c> as a process of its own.</summary>
internal sealed class ServeProcess : IAsyncDisposable
{
    private readonly Task<string> _error;

    private ServeProcess(Process process, string endpoint, string token)
    {
        Process = process;
        Http = new HttpClient { BaseAddress = new Uri(endpoint), Timeout = TimeSpan.FromSeconds(60) };
        Token = token;
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        _error = process.StandardError.ReadToEndAsync(CancellationToken.None);
    }

    public Process Process { get; }

    /// <summary>Sends the token with each request.</summary>
    public HttpClient Http { get; }

    public string Token { get; }

    /// <summary>Starts it and waits until it listens.</summary>
    public static async Task<ServeProcess> StartAsync(string configuration, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var process = Metis.Start(["serve", "--config", configuration, "--json"], environment);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var lines = new List<string>();
        while (lines.Count == 0 || lines[^1] != "}")
        {
            lines.Add(await process.StandardOutput.ReadLineAsync(patience.Token)
                ?? throw new InvalidOperationException($"The service did not start: {await process.StandardError.ReadToEndAsync(patience.Token)}"));
        }

        using var document = JsonDocument.Parse(string.Join('\n', lines));
        var token = (await File.ReadAllTextAsync(document.RootElement.GetProperty("token_file").GetString()!, patience.Token)).Trim();
        return new ServeProcess(process, document.RootElement.GetProperty("endpoint").GetString()!, token);
    }

    public async Task<JsonElement> GetAsync(string address)
    {
        using var answer = await Http.GetAsync(new Uri(address, UriKind.Relative), TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, $"{address}: {answer.StatusCode} {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>Begins a job now.</summary>
    public async Task<int> BeginAsync(string job)
    {
        using var body = new StringContent($$"""{"job":"{{job}}"}""", new MediaTypeHeaderValue("application/json"));
        using var answer = await Http.PostAsync(new Uri("/api/runs", UriKind.Relative), body, TestContext.Current.CancellationToken);
        return (int)answer.StatusCode;
    }

    /// <summary>The newest run once it has ended.</summary>
    public async Task<JsonElement> EndedAsync(int runs)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(2));
        while (true)
        {
            var list = (await GetAsync("/api/runs")).GetProperty("runs");
            if (list.GetArrayLength() >= runs && list[0].GetProperty("ended").ValueKind == JsonValueKind.String)
            {
                return list[0];
            }

            await Task.Delay(20, patience.Token);
        }
    }

    /// <summary>Stops it in order.</summary>
    /// <returns>Exit code and log.</returns>
    public async Task<(int Code, string Log)> StopAsync()
    {
        Signals.Send(Process, "TERM");
        return await ExitAsync();
    }

    public async Task<(int Code, string Log)> ExitAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await Process.WaitForExitAsync(patience.Token);
        return (Process.ExitCode, await _error);
    }

    public async ValueTask DisposeAsync()
    {
        if (!Process.HasExited)
        {
            Process.Kill();
            await Process.WaitForExitAsync(CancellationToken.None);
        }

        Http.Dispose();
        Process.Dispose();
    }
}
