using MetisBackup.App.Configuration;
using MetisBackup.App.Operations.Running;

namespace MetisBackup.App.Supervision;

/// <summary>Everybody who has to know of a run, as the configuration says: the same for commands and for the scheduler.</summary>
internal static class Witnesses
{
    /// <summary>
    /// The witnesses of one run, in the order in which they hear of its beginning. The last one stands closest to the operation, and each
    /// one hears of the end after those behind it.
    /// </summary>
    /// <param name="settings">What is configured.</param>
    /// <param name="clock">The time.</param>
    public static IReadOnlyList<IRunWitness> Of(Settings settings, TimeProvider clock) => [new HistoryWitness(settings.Serve.History, clock)];
}
