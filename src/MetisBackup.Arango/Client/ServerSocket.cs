using System.Net.Sockets;

namespace MetisBackup.Arango.Client;

/// <summary>
/// Opens the sockets of a client. A server may work for hours on one call (building an index) without sending a byte, so a dead
/// network is recognised by keep-alive probes of the kernel and not by the silence of the call.
/// </summary>
internal static class ServerSocket
{
    private const int ProbeAfterSeconds = 20;
    private const int ProbeIntervalSeconds = 10;
    private const int Probes = 4;

    /// <summary>A handler without proxy, redirects, cookies and automatic decompression.</summary>
    public static SocketsHttpHandler CreateHandler(ArangoConnection connection) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ConnectTimeout = connection.ConnectTimeout,
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
        ConnectCallback = (context, cancellationToken) => OpenAsync(connection.Endpoint, context, cancellationToken),
    };

    private static async ValueTask<Stream> OpenAsync(
        ArangoEndpoint endpoint, SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
#pragma warning disable CA2000 // the stream that is returned owns it, every other path disposes it
        var socket = endpoint.SocketPath is null ? CreateTcp() : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
#pragma warning restore CA2000
        try
        {
            if (endpoint.SocketPath is { } path)
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            }
            else
            {
                await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            }

            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static Socket CreateTcp()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, optionValue: true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, ProbeAfterSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, ProbeIntervalSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, Probes);
        return socket;
    }
}
