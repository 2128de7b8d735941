using MetisBackup.App.Configuration;
using MetisBackup.App.Operations;
using MetisBackup.App.Operations.Running;
using MetisBackup.Storage.History;

namespace MetisBackup.App.Supervision.Metrics;

/// <summary>Writes the metrics anew when a run has ended, where a file for them is configured.</summary>
/// <param name="settings">What is configured.</param>
/// <param name="clock">The time.</param>
internal sealed class MetricsWitness(Settings settings, TimeProvider clock) : IRunWitness
{
    private readonly Settings _settings = settings;
    private readonly TimeProvider _clock = clock;

    /// <inheritdoc/>
    public ValueTask BeforeAsync(RunStart start, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<string>> AfterAsync(RunStart start, RunEnd end, CancellationToken cancellationToken)
    {
        if (_settings.Serve.MetricsTextfile is { } path)
        {
            // of all targets, and of what is configured: not of what the line of this run says
            var report = await new ReadStatus(_clock).RunAsync(WatchedTargets.Of(_settings.Configured(target: null), _clock), cancellationToken);
            MetricsFile.Write(path, StatusMetrics.Of(report));
        }

        return [];
    }
}
