using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace MetisBackup.EndToEndTests.Running;

/// <summary>One request that came.</summary>
/// <param name="Method">Its method.</param>
/// <param name="Path">Its path.</param>
/// <param name="Authorization">The header of that name; null when there was none.</param>
/// <param name="Body">What it carried.</param>
internal sealed record Received(string Method, string Path, string? Authorization, string Body);

/// <summary>A web service on the loopback that remembers what it was sent.</summary>
internal sealed class ReceivingServer : IDisposable
{
    private readonly HttpListener _listener;
    private readonly ConcurrentQueue<Received> _received = new();
    private readonly Func<int, int> _answer;
    private int _count;

    private ReceivingServer(HttpListener listener, string address, Func<int, int> answer)
    {
        _listener = listener;
        Address = address;
        _answer = answer;
        _ = AcceptAsync();
    }

    /// <summary>Its address without a slash at the end.</summary>
    public string Address { get; }

    /// <summary>What came, oldest first.</summary>
    public IReadOnlyList<Received> Requests => [.. _received];

    /// <summary>Starts one.</summary>
    /// <param name="answer">The status of the answer to each request, counted from 1; always 200 when not given.</param>
    public static ReceivingServer Start(Func<int, int>? answer = null)
    {
        var address = $"http://127.0.0.1:{FreePort.Find()}";
        var listener = new HttpListener();
        listener.Prefixes.Add(address + "/");
        listener.Start();
        return new ReceivingServer(listener, address, answer ?? (static _ => 200));
    }

    public void Dispose() => _listener.Close();

    private async Task AcceptAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                using var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8);
                var body = await reader.ReadToEndAsync(CancellationToken.None);
                _received.Enqueue(new Received(context.Request.HttpMethod, context.Request.RawUrl!, context.Request.Headers["Authorization"], body));
                context.Response.StatusCode = _answer(Interlocked.Increment(ref _count));
                if (context.Response.StatusCode is >= 300 and < 400)
                {
                    context.Response.Headers["Location"] = Address + "/elsewhere";
                }

                context.Response.Close();
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }
}
