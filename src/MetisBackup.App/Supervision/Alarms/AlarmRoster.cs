using MetisBackup.App.Configuration;
using MetisBackup.App.Configuration.Sections;
using MetisBackup.Core.Errors;
using MetisBackup.Storage.Processes;

namespace MetisBackup.App.Supervision.Alarms;

/// <summary>What became of telling one notifier.</summary>
/// <param name="Title">Kind and name.</param>
/// <param name="Failure">One sentence; null when it was told.</param>
internal sealed record Told(string Title, string? Failure);

/// <summary>Everybody who is told, and about what.</summary>
internal sealed class AlarmRoster : IDisposable
{
    private readonly IReadOnlyList<TargetSection> _targets;
    private readonly WebClient _web;
    private readonly List<(Notifier Settings, IReadOnlyList<AlarmEvent> On, INotifier Notifier)> _entries;
    private readonly IReadOnlyList<PingAlarm> _pings;

    /// <summary>Those of a configuration.</summary>
    /// <param name="settings">The configuration.</param>
    /// <param name="clock">Measures time limits and pauses.</param>
    public AlarmRoster(Settings settings, TimeProvider clock)
    {
        var alarms = settings.Alarms;
        var delivery = new Delivery(alarms, clock);
        _targets = settings.Targets;
        _pings = alarms.Pings;
        _web = new WebClient(delivery);
        _entries =
        [
            .. alarms.Webhooks.Select(one => ((Notifier)one, one.On, (INotifier)new WebhookNotifier(one, _web))),
            .. alarms.Emails.Select(one => ((Notifier)one, one.On, (INotifier)new EmailNotifier(one, delivery))),
            .. alarms.Commands.Select(one => ((Notifier)one, one.On, (INotifier)new CommandNotifier(one, alarms.Timeout, new ProcessRunner(clock)))),
        ];
    }

    /// <summary>Whether nobody is to be told of anything.</summary>
    public bool IsEmpty => _entries.Count == 0 && _pings.Count == 0;

    /// <summary>Whether anybody listens to such an event of such a series.</summary>
    public bool Listens(AlarmEvent about, string series) => _entries.Exists(one => one.On.Contains(about) && Covers(one.Settings, series));

    /// <summary>Tells everybody who listens, all at the same time.</summary>
    public Task<Told[]> TellAsync(Alarm alarm, CancellationToken cancellationToken) => Task.WhenAll(
        _entries.Where(one => alarm.Event is { } about && one.On.Contains(about) && Covers(one.Settings, alarm.Series))
            .Select(one => TryAsync(one.Notifier.Title, token => one.Notifier.SendAsync(alarm, token), cancellationToken)));

    /// <summary>Tells everybody, whatever they listen to, and calls all pings.</summary>
    /// <param name="alarm">What is told.</param>
    /// <param name="target">Only those who hear of this target; null for all.</param>
    /// <param name="cancellationToken">Ends it at once.</param>
    public Task<Told[]> TestAsync(Alarm alarm, string? target, CancellationToken cancellationToken) => Task.WhenAll(
        [
            .. _entries.Where(one => Covers(one.Settings, target)).Select(one => TryAsync(one.Notifier.Title, token => one.Notifier.SendAsync(alarm, token), cancellationToken)),
            .. _pings.Where(one => Covers(one, target)).Select(one => PingAsync(one, failed: false, cancellationToken)),
            ]);

    /// <summary>Calls the pings of a series after a snapshot was made, or was not.</summary>
    public Task<Told[]> PingAsync(string series, bool failed, CancellationToken cancellationToken) =>
        Task.WhenAll(_pings.Where(one => (!failed || one.Failures) && Covers(one, series)).Select(one => PingAsync(one, failed, cancellationToken)));

    /// <inheritdoc/>
    public void Dispose() => _web.Dispose();

    private Task<Told> PingAsync(PingAlarm ping, bool failed, CancellationToken cancellationToken)
    {
        var title = $"ping {ping.Name}";
        return TryAsync(
            title,
            token =>
            {
                var address = WebClient.AddressOf(title, ping.Url, ping.UrlSecret);
                return _web.CallAsync(title, failed ? Failure(address) : address, document: null, authorization: null, token);
            },
            cancellationToken);
    }

    private static Uri Failure(Uri address) => new UriBuilder(address) { Path = address.AbsolutePath.TrimEnd('/') + "/fail" }.Uri;

    private static async Task<Told> TryAsync(string title, Func<CancellationToken, Task> send, CancellationToken cancellationToken)
    {
        try
        {
            await send(cancellationToken);
            return new Told(title, Failure: null);
        }
        catch (MetisException failure)
        {
            return new Told(title, failure.Message);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return new Told(title, $"The {title} was not told, because the run was interrupted.");
        }
#pragma warning disable CA1031 // one notifier never keeps the others from being told
        catch (Exception failure)
#pragma warning restore CA1031
        {
            // its text may hold what nobody may read
            return new Told(title, $"The {title} was not told: {failure.GetType().Name}.");
        }
    }

    private bool Covers(Notifier notifier, string? seriesOrTarget) => seriesOrTarget is null || notifier.Targets.Count == 0 || notifier.Targets.Contains(seriesOrTarget, StringComparer.Ordinal)
        || _targets.Any(target => notifier.Targets.Contains(target.Name, StringComparer.Ordinal) && target.Covers(seriesOrTarget, _targets));
}
