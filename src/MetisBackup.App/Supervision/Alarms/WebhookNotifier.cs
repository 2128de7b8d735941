using MetisBackup.App.Configuration;
using MetisBackup.App.Configuration.Sections;

namespace MetisBackup.App.Supervision.Alarms;

/// <summary>Sends a JSON document to an address.</summary>
internal sealed class WebhookNotifier(WebhookAlarm settings, WebClient web) : INotifier
{
    private readonly WebhookAlarm _settings = settings;
    private readonly WebClient _web = web;

    /// <inheritdoc/>
    public string Title => $"webhook {_settings.Name}";

    /// <inheritdoc/>
    public Task SendAsync(Alarm alarm, CancellationToken cancellationToken)
    {
        var document = _settings.Template is { } template ? AlarmTemplate.Fill(template, alarm) : AlarmDocument.Of(alarm);
        var authorization = _settings.Authorization is { } secret ? Secrets.Read(secret, "authorization") : null;
        return _web.CallAsync(Title, WebClient.AddressOf(Title, _settings.Url, _settings.UrlSecret), document, authorization, cancellationToken);
    }
}
