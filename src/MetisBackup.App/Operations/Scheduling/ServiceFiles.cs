using System.Globalization;
using MetisBackup.Storage.Installation;

namespace MetisBackup.App.Operations.Scheduling;

/// <summary>The service as a unit of systemd.</summary>
internal sealed record ServiceUnit
{
    /// <summary>The executable, an absolute path.</summary>
    public required string Executable { get; init; }

    /// <summary>Its arguments.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>Directory of locks, journals and history, an absolute path.</summary>
    public required string State { get; init; }

    /// <summary>More directories that it writes, absolute paths.</summary>
    public required IReadOnlyList<string> Places { get; init; }

    /// <summary>How long a stop waits for a running backup.</summary>
    public required TimeSpan StopTimeout { get; init; }

    /// <summary>Account to run as; null for root.</summary>
    public required string? Account { get; init; }
}

/// <summary>The files that make the service run.</summary>
internal static class ServiceFiles
{
    /// <summary>Name of the service.</summary>
    public const string Name = "metis-backup";

    private const string Units = "/etc/systemd/system";
    private const string StateRoot = "/var/lib/";

    /// <summary>What the end takes beside the jobs.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(1);

    /// <summary>Where the files go, the unit first.</summary>
    /// <param name="root">Prefix of every path: <c>/</c>, or the directory of a package.</param>
    public static IReadOnlyList<string> Paths(string root) => [Path.Combine(root, $"{Units}/{Name}.service"[1..]), Path.Combine(root, $"{Units}/multi-user.target.wants/{Name}.service"[1..])];

    /// <summary>The target of the link at <paramref name="path"/>; null when that is no link of ours.</summary>
    public static string? LinkTarget(string path) => path.EndsWith($"multi-user.target.wants/{Name}.service", StringComparison.Ordinal) ? $"{Units}/{Name}.service" : null;

    /// <summary>The files.</summary>
    /// <param name="unit">What runs.</param>
    /// <param name="root">Prefix of every path.</param>
    public static IReadOnlyList<InstalledFile> Of(ServiceUnit unit, string root)
    {
        UnitText.Require(unit.Arguments, [unit.Executable, unit.State, .. unit.Places], unit.Account);
        var paths = Paths(root);
        return [new InstalledFile(paths[0], Text(unit), null), new InstalledFile(paths[1], null, $"{Units}/{Name}.service")];
    }

    /// <summary>
    /// Open is what ZFS and bulk files need: the device, the administration of the system for root, files of every owner. Memory that is written and run stays
    /// possible, because the server that a drill starts compiles while it runs.
    /// </summary>
    private static string Text(ServiceUnit unit) => $"""
        # {InstalledFile.Marker} serve install'. Changes are lost: run that command again with other options, or use 'systemctl edit {Name}'.
        [Unit]
        Description=Metis Backup: schedule, status and metrics
        After=zfs.target network-online.target
        Wants=network-online.target

        [Service]
        Type=notify
        NotifyAccess=main
        ExecStart={UnitText.Line(unit.Executable, unit.Arguments)}
        ExecReload=/bin/kill -HUP $MAINPID
        Restart=on-failure
        RestartSec=10s
        RestartPreventExitStatus=2 11 12 15
        WatchdogSec=2min
        TimeoutStartSec=2min
        TimeoutStopSec={(unit.StopTimeout + Rest).TotalSeconds.ToString("0", CultureInfo.InvariantCulture)}
        KillMode=mixed
        {(unit.Account is null ? "CapabilityBoundingSet=CAP_SYS_ADMIN CAP_DAC_OVERRIDE CAP_DAC_READ_SEARCH CAP_CHOWN CAP_FOWNER" : $"User={unit.Account}\nCapabilityBoundingSet=")}
        {Places(unit)}
        {UnitText.Hardening}

        [Install]
        WantedBy=multi-user.target

        """;

    private static string Places(ServiceUnit unit)
    {
        var isUsual = unit.State.StartsWith(StateRoot, StringComparison.Ordinal);
        IEnumerable<string> lines =
        [
            .. isUsual ? (string[])[$"StateDirectory={unit.State[StateRoot.Length..].TrimEnd('/')}", "StateDirectoryMode=0700"] : [$"ReadWritePaths=-{unit.State}"],
            .. unit.Places.Distinct(StringComparer.Ordinal).Select(static one => $"ReadWritePaths=-{one}"),
        ];
        return string.Join('\n', lines);
    }
}
