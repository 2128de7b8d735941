using MetisBackup.App.Configuration.Sections;
using MetisBackup.Core.Errors;

namespace MetisBackup.App.Configuration;

/// <summary>Everything that is set, merged and checked: what the rest of the program reads.</summary>
internal sealed record Settings
{
    private const string Hint = "'metis-backup config show --verbose' names everything that can be set; 'metis-backup config check' looks again";

    /// <summary><c>[server]</c>.</summary>
    public required ServerSection Server { get; init; }

    /// <summary><c>[operational]</c>.</summary>
    public required OperationalSection Operational { get; init; }

    /// <summary><c>[dr]</c>.</summary>
    public required DrSection Dr { get; init; }

    /// <summary><c>[retention.…]</c>.</summary>
    public required RetentionSection Retention { get; init; }

    /// <summary><c>[target.NAME]</c>; <c>operational</c> and <c>dr</c> are the first two.</summary>
    public required IReadOnlyList<TargetSection> Targets { get; init; }

    /// <summary><c>[schedule.NAME]</c>; the DR tier's nightly snapshot when none is written.</summary>
    public required IReadOnlyList<ScheduleSection> Schedules { get; init; }

    /// <summary><c>[status]</c>.</summary>
    public required StatusSection Status { get; init; }

    /// <summary><c>[serve]</c> and <c>[metrics]</c>.</summary>
    public required ServeSection Serve { get; init; }

    /// <summary><c>[alarms]</c> and below.</summary>
    public required AlarmSection Alarms { get; init; }

    /// <summary><c>[hook.NAME]</c>.</summary>
    public required IReadOnlyList<HookSection> Hooks { get; init; }

    /// <summary><c>[bulk]</c>.</summary>
    public required BulkSection Bulk { get; init; }

    /// <summary><c>[log]</c>.</summary>
    public required LogSection Log { get; init; }

    /// <summary>Every value with its origin.</summary>
    public required SettingValues Values { get; init; }

    /// <summary>The target whose settings these are; null when none was chosen.</summary>
    public required TargetSection? Target { get; init; }

    private SettingsSource? Source { get; init; }

    /// <summary>The files that were read, the least important first.</summary>
    public IReadOnlyList<string> Files => Source!.Files;

    /// <summary>A schedule that does not rest takes snapshots of a data set.</summary>
    public bool TakesNightly => Schedules.Any(schedule => schedule.Enabled && schedule.Action == ScheduledAction.Create && Targets.Any(one => one.Name == schedule.Target && one.Tier == TargetTier.Dr));

    /// <summary>Merges and checks.</summary>
    /// <exception cref="MetisException">2: faults, all of them; 10: no such file or target.</exception>
    public static Settings Load(SettingsSource source)
    {
        var faults = new List<SettingFault>(source.Faults);
        var values = SettingValues.Defaults;
        foreach (var layer in source.Layers)
        {
            values = values.With(layer, faults);
        }

        // options are judged with everything else, and laid on top of what the target says
        _ = values.With(source.Options, faults);
        var misfits = new List<SettingFault>();
        var targets = TargetSection.ReadAll(values, misfits);
        var target = targets.FirstOrDefault(one => one.Name == source.Target);
        if (target is not null)
        {
            values = values.With(TargetSection.Overlay(values, target), misfits);
        }

        values = values.With(source.Options, []);
        var settings = Read(values, targets, target, source.LocalZone, misfits);

        // a section in which something was left out lacks what it need not lack; what a key of its own is told of is so in any case
        Require([.. faults, .. misfits.Where(misfit => Schema.Find(misfit.Key) is not null || !faults.Exists(fault => $"{fault.Key}.".StartsWith($"{misfit.Key}.", StringComparison.Ordinal)))]);
        return target is not null || source.Target is null
            ? settings with { Source = source }
            : throw new MetisException(ErrorCode.NotFound, $"The configuration has no target '{source.Target}'.", $"there are {string.Join(", ", targets.Select(static one => one.Name))}");
    }

    /// <summary>The settings of a target.</summary>
    /// <exception cref="MetisException">10: there is none of that name.</exception>
    public Settings For(string target) => Load(Source! with { Target = target });

    /// <summary>The same as the files and the environment say it, whatever the command line says.</summary>
    /// <param name="target">Name of the target; null for none.</param>
    /// <exception cref="MetisException">10: there is none of that name.</exception>
    public Settings Configured(string? target) => Load(Source! with { Target = target, Options = [] });

    private static Settings Read(SettingValues values, IReadOnlyList<TargetSection> targets, TargetSection? target, TimeZoneInfo zone, List<SettingFault> faults) => new()
    {
        Server = ServerSection.Read(values.Section("server")),
        Operational = OperationalSection.Read(values.Section("operational")),
        Dr = DrSection.Read(values.Section("dr")),
        Retention = RetentionSection.Read(values.Section("retention"), faults),
        Targets = targets,
        Schedules = ScheduleSection.ReadAll(values, targets, zone, faults),
        Status = StatusSection.Read(values.Section("status"), targets, faults),
        Serve = ServeSection.Read(values, faults),
        Alarms = AlarmSection.Read(values, targets, faults),
        Hooks = HookSection.ReadAll(values, targets, faults),
        Bulk = BulkSection.Read(values.Section("bulk")),
        Log = LogSection.Read(values.Section("log")),
        Values = values,
        Target = target,
    };

    private static void Require(List<SettingFault> faults)
    {
        if (faults.Count == 1)
        {
            throw new MetisException(ErrorCode.Usage, $"{faults[0]}.", Hint);
        }

        if (faults.Count > 1)
        {
            var sorted = faults.OrderBy(static one => one.Place.Kind).ThenBy(static one => one.Place.Name, StringComparer.Ordinal).ThenBy(static one => one.Place.Line);
            throw new MetisException(ErrorCode.Usage, $"The configuration has {faults.Count} faults.", Hint) { Details = [.. sorted.Select(static one => one.ToString())] };
        }
    }
}
