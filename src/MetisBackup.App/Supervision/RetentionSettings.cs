using MetisBackup.App.Configuration;
using MetisBackup.App.Configuration.Sections;
using MetisBackup.App.Operations.Retaining;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Retention;

namespace MetisBackup.App.Supervision;

/// <summary>What the configuration says about retention, as operations want it: the same for commands and for the scheduler.</summary>
internal static class RetentionSettings
{
    private const int MostArrivals = 20_000;

    /// <summary>The database that is captured, on its server.</summary>
    public static RetentionSubject Subject(Settings settings) => new(settings.Operational.Database, TargetServers.Own(settings));

    /// <summary>The rules of a store: those of targets for their databases, those of the tier for all others.</summary>
    /// <exception cref="MetisException">2: two targets say different rules for one database of one server, in one store.</exception>
    public static RetentionChoice Rules(Settings settings)
    {
        var rules = new Dictionary<RetentionSubject, RetentionPolicy>();
        var named = new Dictionary<RetentionSubject, string>();
        var targets = InStore(settings).ToList();
        foreach (var (target, own) in targets)
        {
            var subject = Subject(own);
            if (named.TryGetValue(subject, out var other) && rules[subject] != own.Retention.Operational)
            {
                throw new MetisException(ErrorCode.Usage, $"The targets {other} and {target.Name} have different retention rules for the database {subject.Name} of one store.", "give both the same rules, or a store of its own to one of them");
            }

            (named[subject], rules[subject]) = (target.Name, own.Retention.Operational);
        }

        // what was chosen for this run holds for its database, whoever else names that; where the line names another server for it, it is there that the target is
        if (settings.Target is { Tier: TargetTier.Operational } chosen)
        {
            var others = targets.Where(one => one.Target.Name != chosen.Name).Select(static one => Subject(one.Own)).ToList();
            rules = rules.Where(one => others.Contains(one.Key)).ToDictionary();
            rules[Subject(settings)] = settings.Retention.Operational;
        }

        return new RetentionChoice { Own = rules, Usual = settings.Retention.Operational, Safety = settings.Retention.Safety };
    }

    /// <summary>What comes to a store, or to a data set, until then.</summary>
    /// <param name="settings">All settings.</param>
    /// <param name="tier">Databases of the store, or data sets.</param>
    /// <param name="now">The present.</param>
    /// <param name="end">The end.</param>
    /// <exception cref="MetisException">2: too much comes.</exception>
    public static RetentionHorizon Horizon(Settings settings, TargetTier tier, DateTimeOffset now, DateTimeOffset end)
    {
        var subjects = settings.Targets.Where(target => target.Tier == tier).Select(target => (target.Name, Own: target.Name == settings.Target?.Name ? settings : settings.Configured(target.Name)))
            .Where(one => tier == TargetTier.Dr || one.Own.Operational.Store == settings.Operational.Store)
            .ToDictionary(static one => one.Name, one => tier == TargetTier.Dr ? new RetentionSubject(one.Own.Dr.Dataset, Address: null) : Subject(one.Own), StringComparer.Ordinal);
        var arrivals = settings.Schedules.Where(schedule => schedule is { Enabled: true, Action: ScheduledAction.Create } && subjects.ContainsKey(schedule.Target))
            .GroupBy(schedule => subjects[schedule.Target])
            .ToDictionary(static group => group.Key, group => (IReadOnlyList<DateTimeOffset>)[.. group.SelectMany(schedule => Times(schedule, now, end)).Order()]);
        return new RetentionHorizon(end, arrivals);
    }

    private static IEnumerable<(TargetSection Target, Settings Own)> InStore(Settings settings)
    {
        var own = TargetServers.InStore(settings).ToList();

        // a target that somebody wrote says more than the one that is always there
        return own.Where(one => one.Target != settings.Targets[0] || own.Count(other => Subject(other.Own) == Subject(one.Own)) == 1);
    }

    private static IEnumerable<DateTimeOffset> Times(ScheduleSection schedule, DateTimeOffset now, DateTimeOffset end)
    {
        var count = 0;
        for (var next = schedule.Next(now); next is { } time && time <= end; next = schedule.Next(time))
        {
            yield return ++count <= MostArrivals ? time : throw new MetisException(ErrorCode.Usage, $"The schedule {schedule.Name} comes more than {MostArrivals} times until then.", "look less far ahead");
        }
    }
}
