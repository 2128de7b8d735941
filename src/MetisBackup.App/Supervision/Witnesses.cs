using MetisBackup.App.Configuration;
using MetisBackup.App.Operations.Running;
using MetisBackup.App.Supervision.Alarms;
using MetisBackup.App.Supervision.Hooks;
using MetisBackup.App.Supervision.Metrics;
using MetisBackup.Storage.Processes;

namespace MetisBackup.App.Supervision;

/// <summary>Who is there while runs take place.</summary>
/// <param name="Attended">Somebody at a terminal sees how they end.</param>
/// <param name="Note">Receives lines for the log.</param>
internal sealed record RunAudience(bool Attended, Action<string> Note);

/// <summary>Everybody who has to know of a run, as the configuration says: the same for commands and for the scheduler.</summary>
internal static class Witnesses
{
    /// <summary>
    /// The witnesses of one run, in the order in which they hear of its beginning. The last one stands closest to the operation, and each
    /// one hears of the end after those behind it: alarms know what hooks did, the history what became of the alarms,
    /// and the metrics what became of all of it.
    /// </summary>
    /// <param name="settings">What is configured.</param>
    /// <param name="audience">Who is there.</param>
    /// <param name="clock">The time.</param>
    public static IReadOnlyList<IRunWitness> Of(Settings settings, RunAudience audience, TimeProvider clock) =>
    [
        new MetricsWitness(settings, clock),
        new HistoryWitness(settings.Serve.History, clock),
        new AlarmWitness(settings, audience.Attended, clock),
        new HookWitness(settings, new HookRun(new ProcessRunner(clock), audience.Note), audience.Note, clock),
    ];
}
