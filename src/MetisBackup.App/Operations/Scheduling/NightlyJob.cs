using MetisBackup.Core.Errors;

namespace MetisBackup.App.Operations.Scheduling;

/// <summary>What is run each night, and where it works.</summary>
internal sealed record NightlyJob
{
    /// <summary>The executable, an absolute path.</summary>
    public required string Executable { get; init; }

    /// <summary>
    /// Arguments that take the snapshot and then remove old ones: one command, so that a warning of the first does not keep the second from running, and
    /// the exit code speaks for both.
    /// </summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>Local time of day.</summary>
    public required TimeOnly At { get; init; }

    /// <summary>The data set.</summary>
    public required string Dataset { get; init; }

    /// <summary>Log of events, an absolute path.</summary>
    public required string Log { get; init; }

    /// <summary>Directory of locks and journals, an absolute path.</summary>
    public required string State { get; init; }

    /// <summary>Other directories that the job writes to, absolute paths: they may belong to another account.</summary>
    public IReadOnlyList<string> Places { get; init; } = [];

    /// <summary>Account to run as; null for root.</summary>
    public required string? Account { get; init; }

    /// <summary>Returns the job when all of it can stand in the files.</summary>
    /// <exception cref="MetisException">2: a path is not absolute, or something has a character that systemd, cron and logrotate read differently.</exception>
    public NightlyJob Checked()
    {
        UnitText.Require([Dataset, .. Arguments], [Executable, Log, State, .. Places], Account);
        return this;
    }
}
