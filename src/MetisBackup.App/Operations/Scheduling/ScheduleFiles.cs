using MetisBackup.Storage.Installation;

namespace MetisBackup.App.Operations.Scheduling;

/// <summary>The files that make a job run each night.</summary>
internal static class ScheduleFiles
{
    /// <summary>Name of the service and of the timer.</summary>
    public const string Name = "metis-dr-backup";

    private const string Units = "/etc/systemd/system";
    private const string Comment = $"# {InstalledFile.Marker} dr install'. Changes are lost: run that command again with other options.";

    /// <summary>Where the files go, whatever is in them.</summary>
    /// <param name="root">Prefix of every path: <c>/</c>, or the directory of a package.</param>
    public static IReadOnlyList<string> Paths(string root) =>
        [Under(root, $"{Units}/{Name}.service"), Under(root, $"{Units}/{Name}.timer"), Under(root, $"{Units}/timers.target.wants/{Name}.timer"), Under(root, $"/etc/logrotate.d/{Name}"), Under(root, $"/etc/cron.d/{Name}")];

    /// <summary>The files.</summary>
    /// <param name="job">What is run.</param>
    /// <param name="root">Prefix of every path.</param>
    /// <param name="zone">Zone of the machine.</param>
    /// <param name="year">The present year.</param>
    /// <param name="withCron">Also the file for machines that systemd does not keep.</param>
    public static IReadOnlyList<InstalledFile> Of(NightlyJob job, string root, TimeZoneInfo zone, int year, bool withCron)
    {
        var paths = Paths(root);
        List<InstalledFile> files =
        [
            new(paths[0], Service(job), null),
            new(paths[1], Timer(job, zone, year), null),
            new(paths[2], null, $"{Units}/{Name}.timer"),
            new(paths[3], Rotation(job), null),
        ];
        if (withCron)
        {
            files.Add(new InstalledFile(paths[4], Cron(job), null));
        }

        return files;
    }

    /// <summary>The target of the link at <paramref name="path"/>; null when that is no link of ours.</summary>
    public static string? LinkTarget(string path) => path.EndsWith($"timers.target.wants/{Name}.timer", StringComparison.Ordinal) ? $"{Units}/{Name}.timer" : null;

    private static string Under(string root, string path) => Path.Combine(root, path[1..]);

    /// <summary>
    /// Everything that ZFS needs is left open: its device, and the right to administer the system for root, which the kernel asks for. An
    /// account other than root has what 'zfs allow' grants and no other right.
    /// </summary>
    private static string Service(NightlyJob job) => $"""
        {Comment}
        [Unit]
        Description=Snapshot of the ArangoDB data set {job.Dataset}
        After=zfs.target network-online.target
        Wants=network-online.target

        [Service]
        Type=oneshot
        ExecStart={UnitText.Line(job.Executable, job.Arguments)}
        TimeoutStartSec=2h
        {(job.Account is null ? $"CapabilityBoundingSet=CAP_SYS_ADMIN CAP_DAC_READ_SEARCH{(job.Places.Count > 0 ? " CAP_DAC_OVERRIDE" : "")}" : $"User={job.Account}\nCapabilityBoundingSet=")}
        {Places(job)}
        {UnitText.Hardening}

        """;

    private static string Places(NightlyJob job)
    {
        const string StateRoot = "/var/lib/";
        var log = string.Join('\n', job.Places.Prepend(Path.GetDirectoryName(job.Log)).Distinct(StringComparer.Ordinal).Select(static one => $"ReadWritePaths=-{one}"));
        return job.State.StartsWith(StateRoot, StringComparison.Ordinal)
            ? $"{log}\nStateDirectory={job.State[StateRoot.Length..].TrimEnd('/')}\nStateDirectoryMode=0700"
            : $"{log}\nReadWritePaths=-{job.State}";
    }

    private static string Timer(NightlyJob job, TimeZoneInfo zone, int year) => $"""
        {Comment}
        [Unit]
        Description=Nightly snapshot of the ArangoDB data set {job.Dataset}

        [Timer]
        {string.Join('\n', CalendarTimes.Daily(job.At, zone, year).Select(static time => $"OnCalendar={time}"))}
        AccuracySec=1min
        Persistent=true

        [Install]
        WantedBy=timers.target

        """;

    private static string Rotation(NightlyJob job) => $$"""
        {{Comment}}
        {{job.Log}} {
            monthly
            rotate 12
            compress
            delaycompress
            missingok
            notifempty
            create
        }

        """;

    /// <summary>cron knows neither sbin nor our variables, and sends what a job prints by mail: that is only what went wrong.</summary>
    private static string Cron(NightlyJob job) => $"""
        {Comment}
        # For machines that systemd does not keep; where it does, its timer runs the job and this line does nothing.
        SHELL=/bin/sh
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
        {job.At.Minute} {job.At.Hour} * * * {job.Account ?? "root"} test -d /run/systemd/system || {UnitText.Line(job.Executable, [.. job.Arguments, "--quiet"])} >/dev/null

        """;
}
