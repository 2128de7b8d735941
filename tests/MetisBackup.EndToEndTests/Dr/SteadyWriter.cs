using System.Text.Json.Nodes;
using MetisBackup.EndToEndTests.Running;

namespace MetisBackup.EndToEndTests.Dr;

/// <summary>Writes one document after the other until the server is gone or it is stopped.</summary>
internal sealed class SteadyWriter : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _task;
    private int _sent;
    private int _acknowledged;

    public SteadyWriter(ServerHttp http) => _task = Task.Run(() => WriteAsync(http), CancellationToken.None);

    /// <summary>Documents 0 to this one, exclusive, may have reached the server.</summary>
    public int Sent => Volatile.Read(ref _sent);

    /// <summary>Documents 0 to this one, exclusive, were acknowledged.</summary>
    public int Acknowledged => Volatile.Read(ref _acknowledged);

    public async Task ReachesAsync(int count)
    {
        while (Acknowledged < count)
        {
            Assert.False(_task.IsCompleted, "the writer ended too early");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _task;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task WriteAsync(ServerHttp http)
    {
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                var number = Interlocked.Increment(ref _sent) - 1;
                await http.SendAsync(HttpMethod.Post, "/_db/shop/_api/document/goods", new JsonObject { ["_key"] = DrScene.Key(number) });
                Interlocked.Increment(ref _acknowledged);
            }
        }
        catch (HttpRequestException)
        {
            // the server is gone
        }
    }
}
