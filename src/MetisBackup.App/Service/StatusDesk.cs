using MetisBackup.App.Configuration;
using MetisBackup.App.Operations;
using MetisBackup.App.Operations.Watching;
using MetisBackup.App.Supervision;
using MetisBackup.App.Supervision.Alarms;
using MetisBackup.App.Supervision.Metrics;
using MetisBackup.Core.Errors;

namespace MetisBackup.App.Service;

/// <summary>Knows how the backups stand. However many ask, it is read once, and again when that was a while ago.</summary>
/// <param name="settings">The configuration, as it is now.</param>
/// <param name="clock">The time.</param>
internal sealed class StatusDesk(Func<Settings> settings, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);

    private readonly Func<Settings> _settings = settings;
    private readonly TimeProvider _clock = clock;
    private readonly SemaphoreSlim _reading = new(1, 1);
    private readonly AlarmStopgap _stopgap = new();
    private readonly HangingParts _hanging = new();
    private (StatusReport Report, Settings Settings, long At)? _last;

    /// <summary>How they stand, ten seconds old at most.</summary>
    public async Task<StatusReport> ReadAsync(CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            var present = _settings();
            if (_last is not { } last || last.Settings != present || _clock.GetElapsedTime(last.At) > Fresh)
            {
                last = (await new ReadStatus(_clock) { Hanging = _hanging }.RunAsync(WatchedTargets.Of(present, _clock), cancellationToken), present, _clock.GetTimestamp());
                _last = last;
            }

            return last.Report;
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <summary>The same in the text format of Prometheus.</summary>
    public async Task<string> MetricsAsync(CancellationToken cancellationToken) => StatusMetrics.Of(await ReadAsync(cancellationToken));

    /// <summary>Tells of what goes wrong without a run, and writes the metrics where a file for them is configured: neither waits for the other to go well.</summary>
    /// <returns>Who could not be told and what could not be written, one sentence each.</returns>
    public async Task<IReadOnlyList<string>> WatchAsync(CancellationToken cancellationToken)
    {
        var report = await ReadAsync(cancellationToken);
        var failures = await new AlarmCheck(_settings(), _stopgap, _clock).RunAsync(StatusObservations.Of(report), cancellationToken);
        try
        {
            if (_settings().Serve.MetricsTextfile is { } path)
            {
                MetricsFile.Write(path, StatusMetrics.Of(report));
            }

            return failures;
        }
        catch (MetisException failure)
        {
            return [.. failures, failure.Message];
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _reading.Dispose();
}
