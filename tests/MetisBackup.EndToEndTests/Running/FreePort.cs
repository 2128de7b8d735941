using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace MetisBackup.EndToEndTests.Running;

/// <summary>Ports of the loopback that stay free while a server is down: below those that the system gives to whoever asks for any.</summary>
internal static class FreePort
{
    private const int Lowest = 20_000;
    private const int Count = 12_000;
    private static int _last = RandomNumberGenerator.GetInt32(Count);

    /// <summary>One that nobody listens at now, another one each time.</summary>
    public static int Find()
    {
        while (true)
        {
            var port = Lowest + (Interlocked.Increment(ref _last) % Count);
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException error) when (error.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // somebody has it: another one
            }
        }
    }
}
