using System.Net;
using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MetisBackup.App.Configuration;
using MetisBackup.App.Configuration.Sections;
using MetisBackup.Core.Errors;
using MimeKit;

namespace MetisBackup.App.Supervision.Alarms;

/// <summary>Sends a mail. A password goes only through a protected connection, or to this machine.</summary>
internal sealed class EmailNotifier(EmailAlarm settings, Delivery delivery) : INotifier
{
    private readonly EmailAlarm _settings = settings;
    private readonly Delivery _delivery = delivery;

    /// <inheritdoc/>
    public string Title => $"email {_settings.Name}";

    /// <inheritdoc/>
    public async Task SendAsync(Alarm alarm, CancellationToken cancellationToken)
    {
        using var message = Compose(alarm);
        var password = _settings.User is not null && _settings.Password is { } secret ? Secrets.Read(secret, "password") : "";
        if (_settings.User is not null && password.Length == 0)
        {
            throw new MetisException(ErrorCode.Usage, $"The {Title} has an account and no password.", "set password_file or password_env");
        }

        await _delivery.RunAsync($"{Title} through {_settings.Host}:{_settings.Port}", token => AttemptAsync(message, password, token), cancellationToken);
    }

    private MimeMessage Compose(Alarm alarm)
    {
        var message = new MimeMessage { Subject = $"[metis-backup] {alarm.Headline}", Date = alarm.Time, Body = new TextPart("plain") { Text = AlarmText.Of(alarm) } };
        message.From.Add(Address(_settings.From));
        message.To.AddRange(_settings.To.Select(Address));
        message.Headers.Add("Auto-Submitted", "auto-generated");
        return message;
    }

    private MailboxAddress Address(string text) => MailboxAddress.TryParse(text, out var address) && address.Address.Contains('@', StringComparison.Ordinal)
        ? address
        : throw new MetisException(ErrorCode.Usage, $"The {Title} names '{text}', which is no mail address.", "write it like 'Name <name@example.org>'");

    private async Task AttemptAsync(MimeMessage message, string password, CancellationToken cancellationToken)
    {
        // whether a certificate was revoked cannot be asked on many machines, and then no mail would ever go out
        using var client = new SmtpClient { Timeout = (int)Math.Min(int.MaxValue, _delivery.Limit.TotalMilliseconds), CheckCertificateRevocation = false };
        try
        {
            await client.ConnectAsync(_settings.Host, _settings.Port, Security, cancellationToken);
            if (_settings.User is { } user)
            {
                RequireProtection(client.IsSecure);
                await client.AuthenticateAsync(user, password, cancellationToken);
            }

            _ = await client.SendAsync(message, cancellationToken);
            await client.DisconnectAsync(quit: true, cancellationToken);
        }
        catch (SmtpCommandException cause) when ((int)cause.StatusCode >= 500)
        {
            throw Refusal(cause.Message, cause);
        }
        catch (Exception cause) when (cause is AuthenticationException or SslHandshakeException or NotSupportedException)
        {
            throw Refusal(cause.Message, cause);
        }
        catch (Exception cause) when (cause is SocketException or IOException or CommandException or ProtocolException or ServiceNotConnectedException)
        {
            throw new PassingFailureException(OneLine(cause.Message), cause);
        }
    }

    private SecureSocketOptions Security => _settings.Security switch
    {
        MailSecurity.None => SecureSocketOptions.None,
        MailSecurity.Starttls => SecureSocketOptions.StartTls,
        MailSecurity.Tls => SecureSocketOptions.SslOnConnect,
        _ => SecureSocketOptions.StartTlsWhenAvailable,
    };

    private void RequireProtection(bool secure)
    {
        var own = _settings.Host == "localhost" || (IPAddress.TryParse(_settings.Host, out var address) && IPAddress.IsLoopback(address));
        if (!secure && !own)
        {
            throw new MetisException(ErrorCode.Refused, $"The {Title} would send its password unprotected to {_settings.Host}.", "set security to starttls or tls");
        }
    }

    private MetisException Refusal(string why, Exception cause) =>
        new(ErrorCode.ServerFailed, $"The {Title} was refused by {_settings.Host}:{_settings.Port}: {OneLine(why)}.", "check account, security and addresses, then try 'metis-backup alarms test'", cause);

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim().TrimEnd('.');
}
