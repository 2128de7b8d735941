using System.Net;
using System.Net.Sockets;
using MetisBackup.Core.Errors;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace MetisBackup.App.Web;

/// <summary>A web server without anything around it: the service has few addresses, and starts within milliseconds.</summary>
internal sealed class WebServer : IAsyncDisposable
{
    private const int MostConnections = 64;
    private const int LargestBody = 64 << 10;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly KestrelServer _kestrel;
    private readonly TimeProvider _clock;

    private WebServer(KestrelServer kestrel, TimeProvider clock, Uri address) => (_kestrel, _clock, Address) = (kestrel, clock, address);

    /// <summary>Where it listens, with the real port.</summary>
    public Uri Address { get; }

    /// <summary>Listens.</summary>
    /// <param name="listen">Address and port; port 0 takes a free one.</param>
    /// <param name="answer">Answers a request; must not throw.</param>
    /// <param name="clock">The time.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="MetisException">12: the port is not for this account; 16: the address is taken or not of this machine.</exception>
    public static async Task<WebServer> StartAsync(IPEndPoint listen, Func<HttpContext, Task> answer, TimeProvider clock, CancellationToken cancellationToken)
    {
        var options = new KestrelServerOptions { AddServerHeader = false, AllowSynchronousIO = false };
        options.Limits.MaxConcurrentConnections = MostConnections;
        options.Limits.MaxRequestBodySize = LargestBody;
        options.Listen(listen, static endpoint => endpoint.Protocols = HttpProtocols.Http1);
        var transport = new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance);
#pragma warning disable CA2000 // belongs to the web server
        var kestrel = new KestrelServer(Options.Create(options), transport, NullLoggerFactory.Instance);
#pragma warning restore CA2000
        try
        {
            await kestrel.StartAsync(new Application(answer), cancellationToken);
            return new WebServer(kestrel, clock, new Uri(kestrel.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First()));
        }
        catch (Exception error)
        {
            kestrel.Dispose();
            throw error switch
            {
                SocketException { SocketErrorCode: SocketError.AccessDenied } => new MetisException(ErrorCode.Denied, $"This account may not listen on {listen}: ports that low are for root.", "set [serve] listen to a port above 1023", error),
                IOException => new MetisException(ErrorCode.ServerFailed, $"The service cannot listen on {listen}: something else does.", "end the program that listens there, or set [serve] listen", error),
                SocketException => new MetisException(ErrorCode.ServerFailed, $"The service cannot listen on {listen}: {error.Message}.", "set [serve] listen to an address of the loopback that this machine has", error),
                _ => error,
            };
        }
    }

    /// <summary>Finishes the requests under way, but not for ever.</summary>
    public async ValueTask DisposeAsync()
    {
        using (var enough = new CancellationTokenSource(Patience, _clock))
        {
            await _kestrel.StopAsync(enough.Token);
        }

        _kestrel.Dispose();
    }

    private sealed class Application(Func<HttpContext, Task> answer) : IHttpApplication<HttpContext>
    {
        public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

        public Task ProcessRequestAsync(HttpContext context) => answer(context);

        public void DisposeContext(HttpContext context, Exception? exception)
        {
        }
    }
}
