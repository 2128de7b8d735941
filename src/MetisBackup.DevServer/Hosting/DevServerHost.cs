using System.Net;
using MetisBackup.DevServer.Endpoints;
using MetisBackup.DevServer.Engine;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace MetisBackup.DevServer.Hosting;

/// <summary>
/// A running ArangoDB-compatible server in this process. Dispose it to stop: requests under way are finished, then the store is closed.
/// </summary>
public sealed class DevServerHost : IAsyncDisposable
{
    /// <summary>Most bytes of a request body (arangodb-protocol 1.1).</summary>
    internal const int MaxBodySize = 1 << 30;

    private const int MaxRequestLine = 16 << 10;
    private const int MaxHeaders = 1 << 20;
    private const int WaitingWriters = 64;

    private readonly KestrelServer _kestrel;
    private readonly ServerContext _server;
    private bool _stopped;

    private DevServerHost(KestrelServer kestrel, ServerContext server, Uri endpoint)
    {
        _kestrel = kestrel;
        _server = server;
        Endpoint = endpoint;
    }

    /// <summary>Where the server listens, with the real port.</summary>
    public Uri Endpoint { get; }

    /// <summary>The store behind the server, for tests in the same process.</summary>
    internal ServerEngine Engine => _server.Engine;

    /// <summary>Opens the data directory and listens.</summary>
    /// <exception cref="IOException">The address is taken, or the data directory cannot be used.</exception>
    public static Task<DevServerHost> StartAsync(DevServerOptions options, CancellationToken cancellationToken) =>
        StartAsync(options, NullLoggerFactory.Instance, cancellationToken);

    /// <inheritdoc cref="StartAsync(DevServerOptions, CancellationToken)"/>
    public static async Task<DevServerHost> StartAsync(
        DevServerOptions options, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        EnsureThreads();
        var server = ServerContext.Open(options);
        try
        {
            if (options.Password is not null)
            {
                server.Users.SetRootPassword(options.Password);
            }

            var gate = new AuthenticationGate(server);
            var routes = new RouteTable();
            EndpointGroups.Map(routes, server);
            TokenEndpoints.Map(routes, server, gate);
            var dispatcher = new RequestDispatcher(server, routes, gate, loggers.CreateLogger<DevServerHost>());
            var kestrel = CreateKestrel(options.Listen, loggers);
            await kestrel.StartAsync(new Application(dispatcher), cancellationToken);
            var address = kestrel.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();
            return new DevServerHost(kestrel, server, new Uri(address));
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>Stops listening, finishes the requests under way, closes the store.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopped)
        {
            return;
        }

        _stopped = true;
        _server.Queries.KillAll();
        using (var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5), _server.Time))
        {
            await _kestrel.StopAsync(patience.Token);
        }

        _kestrel.Dispose();
        _server.Dispose();
    }

    /// <summary>
    /// Writers wait for each other on threads of the pool, which grows too slowly by itself: readers would stand in line behind them.
    /// </summary>
    private static void EnsureThreads()
    {
        ThreadPool.GetMinThreads(out var workers, out var completions);
        ThreadPool.SetMinThreads(Math.Max(workers, WaitingWriters), completions);
    }

    private static KestrelServer CreateKestrel(Uri listen, ILoggerFactory loggers)
    {
        var options = new KestrelServerOptions { AddServerHeader = false, AllowSynchronousIO = false };
        options.Limits.MaxRequestBodySize = MaxBodySize;
        options.Limits.MaxRequestLineSize = MaxRequestLine;
        options.Limits.MaxRequestHeadersTotalSize = MaxHeaders;
        options.Limits.MaxRequestHeaderCount = 1000;
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;
        options.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(300);
        var address = listen.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6
            ? IPAddress.Parse(listen.Host.Trim('[', ']'))
            : IPAddress.Loopback;
        options.Listen(address, listen.Port, endpoint => endpoint.Protocols = HttpProtocols.Http1);
        var transport = new SocketTransportFactory(Options.Create(new SocketTransportOptions()), loggers);
        return new KestrelServer(Options.Create(options), transport, loggers);
    }

    private sealed class Application(RequestDispatcher dispatcher) : IHttpApplication<HttpContext>
    {
        public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

        public Task ProcessRequestAsync(HttpContext context) => dispatcher.DispatchAsync(context);

        public void DisposeContext(HttpContext context, Exception? exception)
        {
        }
    }
}
