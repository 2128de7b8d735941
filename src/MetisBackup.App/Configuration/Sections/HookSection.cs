namespace MetisBackup.App.Configuration.Sections;

/// <summary>When a hook runs.</summary>
internal enum HookMoment
{
    /// <summary>Before the operation.</summary>
    Before,

    /// <summary>After it, however it ended.</summary>
    After,

    /// <summary>After it succeeded.</summary>
    AfterSuccess,

    /// <summary>After it failed.</summary>
    AfterFailure,
}

/// <summary>The operations that hooks go with.</summary>
internal enum HookedOperation
{
    /// <summary>A snapshot of a database.</summary>
    Create,

    /// <summary>A restore.</summary>
    Restore,

    /// <summary>Retention of operational snapshots.</summary>
    Cleanup,

    /// <summary>A verification.</summary>
    Verify,

    /// <summary>A snapshot of the data set.</summary>
    DrCreate,

    /// <summary>A rollback, or its undoing.</summary>
    DrRollback,

    /// <summary>Retention of the data set's snapshots.</summary>
    DrPrune,

    /// <summary>A drill.</summary>
    DrDrill,
}

/// <summary>What the failure of a hook does.</summary>
internal enum HookFailure
{
    /// <summary>Before an operation: it does not begin, exit code 16. After it: the same as <see cref="Warn"/>.</summary>
    Abort,

    /// <summary>A warning and exit code 3.</summary>
    Warn,

    /// <summary>A line in the log.</summary>
    Ignore,
}

/// <summary><c>[hook.NAME]</c>: a program of the user's that runs before or after an operation.</summary>
internal sealed record HookSection
{
    /// <summary>What can be set.</summary>
    public static IEnumerable<SettingKey> Keys { get; } =
    [
        new("hook.*.when", SettingType.Choice(Words.All<HookMoment>()), null, "when it runs"),
        new("hook.*.operations", SettingType.Choices(Words.All<HookedOperation>()), null, "the operations that it goes with; all when not given"),
        new("hook.*.targets", SettingType.Texts, null, "the targets that it goes with; all when not given"),
        new("hook.*.command", SettingType.Program, null, "the program and its arguments; no shell takes them apart"),
        new("hook.*.timeout", SettingType.Limit, "5m", "after this time it is stopped and has failed"),
        new("hook.*.on_failure", SettingType.Choice(Words.All<HookFailure>()), "warn", "what its failure does"),
    ];

    /// <summary>What it is called.</summary>
    public required string Name { get; init; }

    /// <summary>When it runs.</summary>
    public required HookMoment When { get; init; }

    /// <summary>The operations; empty for all.</summary>
    public required IReadOnlyList<HookedOperation> Operations { get; init; }

    /// <summary>Names of targets; empty for all.</summary>
    public required IReadOnlyList<string> Targets { get; init; }

    /// <summary>Program and arguments.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>How long it may take.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>What its failure does.</summary>
    public required HookFailure OnFailure { get; init; }

    /// <summary>Reads all hooks.</summary>
    public static IReadOnlyList<HookSection> ReadAll(SettingValues values, IReadOnlyList<TargetSection> targets, ICollection<SettingFault> faults)
    {
        var hooks = new List<HookSection>();
        foreach (var section in values.Named("hook"))
        {
            var path = $"hook.{section.Name}";
            if (Requirements.Meet(section, path, faults, "when", "command") && Requirements.KnowTargets(section, path, targets, faults))
            {
                hooks.Add(new HookSection
                {
                    Name = section.Name,
                    When = section.Word<HookMoment>("when"),
                    Operations = [.. section.Texts("operations").Select(Words.Of<HookedOperation>)],
                    Targets = section.Texts("targets"),
                    Command = section.Texts("command"),
                    Timeout = section.Duration("timeout"),
                    OnFailure = section.Word<HookFailure>("on_failure"),
                });
            }
        }

        return hooks;
    }
}
