using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace MetisBackup.App.Service;

/// <summary>Tells systemd how the service stands, where a unit of <c>Type=notify</c> started it; says nothing elsewhere.</summary>
internal sealed class SystemdNotifier
{
    private const string SocketVariable = "NOTIFY_SOCKET";
    private const string WatchdogVariable = "WATCHDOG_USEC";
    private const string WatchdogProcessVariable = "WATCHDOG_PID";

    private readonly string? _socket;

    /// <summary>Looks at the environment once.</summary>
    public SystemdNotifier()
    {
        _socket = Environment.GetEnvironmentVariable(SocketVariable) is { Length: > 1 } path && path[0] is '/' or '@' ? path : null;
        var isOurs = Environment.GetEnvironmentVariable(WatchdogProcessVariable) is not { Length: > 0 } process || process == Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        if (isOurs && long.TryParse(Environment.GetEnvironmentVariable(WatchdogVariable), NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds) && microseconds > 0)
        {
            Watchdog = TimeSpan.FromMicroseconds(microseconds);
        }
    }

    /// <summary>Without a sign for so long, systemd takes the service for hung; null when it does not watch.</summary>
    public TimeSpan? Watchdog { get; }

    /// <summary>Somebody listens.</summary>
    public bool IsHeard => _socket is not null;

    /// <summary>Says something, one <c>NAME=value</c> a line.</summary>
    public void Say(string text)
    {
        if (_socket is null)
        {
            return;
        }

        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            socket.SendTo(Encoding.UTF8.GetBytes(text), new UnixDomainSocketEndPoint(_socket[0] == '@' ? '\0' + _socket[1..] : _socket));
        }
        catch (SocketException)
        {
            // a service that is not heard works on: whoever should have heard it acts on the silence
            return;
        }
    }
}
