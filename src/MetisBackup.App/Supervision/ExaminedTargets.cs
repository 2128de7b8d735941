using MetisBackup.App.Configuration;
using MetisBackup.App.Configuration.Sections;
using MetisBackup.App.Operations;
using MetisBackup.App.Operations.Capturing;
using MetisBackup.App.Operations.DisasterRecovery;
using MetisBackup.App.Operations.Examining;
using MetisBackup.App.Operations.Watching;
using MetisBackup.Core.Naming;
using MetisBackup.Storage.Processes;
using MetisBackup.Storage.Services;

namespace MetisBackup.App.Supervision;

/// <summary>What doctor looks at, as the configuration says.</summary>
internal static class ExaminedTargets
{
    private const string SecretFile = "_file";

    /// <summary>Every examination of the targets that are not ignored, or of the one that was chosen.</summary>
    /// <param name="settings">What is configured.</param>
    /// <param name="areas">From <see cref="ExaminedArea"/>.</param>
    /// <param name="clock">The time.</param>
    /// <exception cref="Core.Errors.MetisException">2: a target cannot be used.</exception>
    public static IReadOnlyList<IExamination> Of(Settings settings, IReadOnlyCollection<string> areas, TimeProvider clock)
    {
        IReadOnlyList<(Settings Settings, TargetSection Target)> targets = settings.Target is { } chosen
            ? [(settings, chosen)]
            : [.. settings.Targets.Where(one => !settings.Status.Ignored.Contains(one.Name, StringComparer.Ordinal)).Select(one => (settings.For(one.Name), one))];
        var operational = targets.Where(static one => one.Target.Tier == TargetTier.Operational).Select(static one => one.Settings).ToList();
        var states = targets.Where(static one => one.Target.Tier == TargetTier.Dr).Select(static one => one.Settings.Dr.State).Append(StateOf(settings));
        IExamination[] all =
        [
            .. targets.SelectMany(one => Of(one.Settings, one.Target, clock)),
            new LocksExamination(Distinct(operational.Select(static one => one.Operational.Store)), Distinct(states), Distinct(operational.Select(static one => one.Bulk.Path)), clock),
            new ScheduleExamination(Schedule(settings), new ProcessRunner(clock), clock),
            new SecretsExamination(SecretFiles(settings), settings.Files),
            new HistoryExamination(settings.Serve.History, clock),
        ];
        return [.. all.Where(one => areas.Contains(one.Area, StringComparer.Ordinal))];
    }

    private static IEnumerable<IExamination> Of(Settings settings, TargetSection target, TimeProvider clock)
    {
        var limits = new StatusLimits { FreeWarningPercent = settings.Status.FreeWarningPercent, FreeCriticalPercent = settings.Status.FreeCriticalPercent };
        ServerSettings Server() => new(settings.Server.Endpoint, settings.Server.User, Secrets.Read(settings.Server.Password, "password"));
        if (target.Tier == TargetTier.Operational)
        {
            return
            [
                new ServerExamination(Server, settings.Operational.Database, clock),
                new StoreExamination(WatchedTargets.StoreOf(settings, clock), limits, clock),
                Files(settings, clock),
            ];
        }

        var dr = settings.Dr;
        var place = new DrSettings(DatasetName.Require(dr.Dataset), dr.Zfs, dr.State, dr.Log);
        var coverage = new CoverageRequest { DataPaths = dr.DataPaths, ServerConfiguration = dr.ServerConfiguration, Accepted = dr.AcceptOutside };
        return
        [
            new DatasetExamination(place, limits, clock),
            new DelegationExamination(place.Dataset, dr.Zfs, Environment.IsPrivilegedProcess ? null : Environment.UserName, new ProcessRunner(clock)),
            new CoverageExamination(place, coverage, Server, clock),
        ];
    }

    private static FilesExamination Files(Settings settings, TimeProvider clock) =>
        new(new BulkSettings(settings.Bulk.Path, settings.Bulk.Excluded, settings.Bulk.KeepTrash), settings.Bulk.Include, clock);

    private static ScheduleFacts Schedule(Settings settings)
    {
        var enabled = settings.Schedules.Where(static one => one.Enabled).ToList();
        return new ScheduleFacts
        {
            Schedules = [.. enabled.Select(WatchedTargets.TimesOf)],
            NeedsService = enabled.Exists(static one => one.Target != "dr" || one.Action != ScheduledAction.Create),
            NeedsWatcher = settings.Alarms is var alarms && alarms.Webhooks.Count + alarms.Emails.Count + alarms.Commands.Count > 0,
            State = StateOf(settings),
        };
    }

    private static IReadOnlyList<string> Distinct(IEnumerable<string> paths) => [.. paths.Distinct(StringComparer.Ordinal)];

    /// <summary>Where the service has its seat: beside the history.</summary>
    private static string StateOf(Settings settings) => Path.GetDirectoryName(settings.Serve.History)!;

    private static IReadOnlyList<string> SecretFiles(Settings settings) =>
    [
        .. settings.Values.All.Where(static one => one.Key.Name.EndsWith(SecretFile, StringComparison.Ordinal)).Select(static one => one.Raw).OfType<string>().Distinct(StringComparer.Ordinal),
        .. ((string[])[ServiceSeat.TokenFile(StateOf(settings))]).Where(File.Exists),
    ];
}
