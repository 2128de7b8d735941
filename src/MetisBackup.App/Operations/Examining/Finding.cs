namespace MetisBackup.App.Operations.Examining;

/// <summary>How much a finding matters.</summary>
internal enum FindingSeverity
{
    /// <summary>Worth knowing; nothing has to be done.</summary>
    Note,

    /// <summary>It does no harm yet.</summary>
    Warning,

    /// <summary>Backups, or the way back, do not work as they should.</summary>
    Problem,
}

/// <summary>Something that was found.</summary>
/// <param name="Severity">How much it matters.</param>
/// <param name="Text">One sentence.</param>
/// <param name="Mend">The command that mends it, or what to do; null when there is nothing to do.</param>
internal sealed record Finding(FindingSeverity Severity, string Text, string? Mend)
{
    /// <summary>Where it was found, from <see cref="ExaminedArea"/>.</summary>
    public string Area { get; init; } = "";

    /// <summary>It was mended.</summary>
    public bool Fixed { get; init; }

    /// <summary>Somebody has to do something.</summary>
    public bool IsOpen => Severity != FindingSeverity.Note && !Fixed;
}

/// <summary>What is looked at.</summary>
internal static class ExaminedArea
{
    /// <summary>The database server: version, rights, clock.</summary>
    public const string Server = "server";

    /// <summary>The snapshot store.</summary>
    public const string Store = "store";

    /// <summary>The bulk files and their trash.</summary>
    public const string Files = "files";

    /// <summary>Locks of runs that died.</summary>
    public const string Locks = "locks";

    /// <summary>The data set, its pool and what it covers.</summary>
    public const string Dataset = "dataset";

    /// <summary>Whether somebody runs the schedule.</summary>
    public const string Schedule = "schedule";

    /// <summary>Files that hold secrets.</summary>
    public const string Secrets = "secrets";

    /// <summary>The memory of past runs.</summary>
    public const string History = "history";

    /// <summary>All of them, in the order in which they are told.</summary>
    public static IReadOnlyList<string> All { get; } = [Server, Store, Files, Locks, Dataset, Schedule, Secrets, History];

    /// <summary>The place of an area in that order.</summary>
    public static int OrderOf(string area) => All.TakeWhile(one => one != area).Count();
}

/// <summary>An area of one target that can be examined.</summary>
internal interface IExamination
{
    /// <summary>From <see cref="ExaminedArea"/>.</summary>
    string Area { get; }

    /// <summary>What it is about, for messages.</summary>
    string Subject { get; }

    /// <summary>Looks, and mends what is safe to mend when it is asked to.</summary>
    /// <exception cref="Core.Errors.MetisException">It cannot be examined.</exception>
    Task<IReadOnlyList<Finding>> RunAsync(bool fix, CancellationToken cancellationToken);
}
