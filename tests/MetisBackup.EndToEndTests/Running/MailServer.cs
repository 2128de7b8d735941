using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace MetisBackup.EndToEndTests.Running;

/// <summary>A real SMTP server, Debian's aiosmtpd, that puts each mail into a folder.</summary>
internal sealed class MailServer : IDisposable
{
    private readonly Process _process;
    private readonly string _folder;

    private MailServer(Process process, int port, string folder)
    {
        _process = process;
        Port = port;
        _folder = folder;
    }

    public int Port { get; }

    /// <summary>The mails as they came, oldest first.</summary>
    public IReadOnlyList<string> Mails => Directory.Exists(Path.Combine(_folder, "new"))
        ? [.. new DirectoryInfo(Path.Combine(_folder, "new")).GetFiles().OrderBy(static file => file.CreationTimeUtc).Select(static file => File.ReadAllText(file.FullName))]
        : [];

    /// <summary>Starts one; skips the test where the package is not installed.</summary>
    public static async Task<MailServer> StartAsync(string folder)
    {
        Assert.SkipUnless(Directory.Exists("/usr/lib/python3/dist-packages/aiosmtpd"), "the package python3-aiosmtpd is not installed");
        var port = FreePort.Find();
        var process = Metis.Start("/usr/bin/python3", ["-m", "aiosmtpd", "-n", "-l", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"), "-c", "aiosmtpd.handlers.Mailbox", folder], environment: null);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            try
            {
                using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), patience.Token);
                return new MailServer(process, port, folder);
            }
            catch (SocketException) when (!process.HasExited)
            {
                await Task.Delay(50, patience.Token);
            }
        }
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }
}
