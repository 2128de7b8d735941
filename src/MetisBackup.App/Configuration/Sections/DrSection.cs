namespace MetisBackup.App.Configuration.Sections;

/// <summary><c>[dr]</c>: snapshots of the whole server's data set.</summary>
internal sealed record DrSection
{
    /// <summary>The service of which nobody takes care.</summary>
    public const string NoService = "none";

    /// <summary>What can be set.</summary>
    public static IEnumerable<SettingKey> Keys { get; } =
    [
        new("dr.dataset", SettingType.Dataset, Defaults.Dataset, "data set that holds the server's data"),
        new("dr.service", SettingType.Text, Defaults.Service, "the server's systemd unit, or what to call it beside start_command; none when you stop and start it yourself"),
        new("dr.start_command", SettingType.Program, null, "program that starts the server instead of systemctl"),
        new("dr.stop_command", SettingType.Program, null, "program that stops it"),
        new("dr.status_command", SettingType.Program, null, "program that ends with 0 while it runs and with 3 when it does not"),
        new("dr.server_timeout", SettingType.Limit, "5m", "how long the server may take to start or stop"),
        new("dr.zfs", SettingType.Text, "zfs", "the zfs command; zpool lies beside it"),
        new("dr.state", SettingType.Path, Defaults.State, "directory of locks, journals and history; never on the data set"),
        new("dr.log", SettingType.Path, Defaults.DrLog, "log of what the DR tier did"),
        new("dr.at", SettingType.TimeOfDay, "02:00", "local time of the nightly snapshot, for dr install and for the schedule that holds when none is written"),
        new("dr.server_config", SettingType.Path, Defaults.ServerConfiguration, "the server's own configuration, which tells where its data lies"),
        new("dr.data_paths", SettingType.Paths, null, "more paths that must lie on the data set"),
        new("dr.accept_outside", SettingType.Paths, null, "paths of the server that need not be captured"),
        new("dr.keep_replaced", SettingType.Duration, "14d", "how long the state that a rollback replaced is kept"),
        new("dr.drill_command", SettingType.Program, Drill, "the server's program for drills; {data}, {endpoint} and {address} are filled in"),
        new("dr.drill_data_folder", SettingType.RelativePath, null, "where the database directory lies on the data set, when not at its top"),
    ];

    /// <summary>
    /// The stock server. It reads its own configuration, which is that of the live one: all that would make it write to what belongs to the live
    /// one, or act on the world (queued jobs, replication), is set otherwise.
    /// </summary>
    private static IReadOnlyList<string> Drill =>
    [
        "arangod", "--server.endpoint", "tcp://{address}", "--database.directory", "{data}", "--rocksdb.wal-directory", "{data}/engine-rocksdb/journals",
        "--javascript.app-path", "{data}/drill-apps", "--foxx.queues", "false", "--replication.auto-start", "false", "--log.file", "-",
    ];

    /// <summary>The data set.</summary>
    public required string Dataset { get; init; }

    /// <summary>Unit, or name for messages; null when nobody stops and starts the server.</summary>
    public required string? Service { get; init; }

    /// <summary>Starts the server; null for systemd.</summary>
    public required IReadOnlyList<string>? StartCommand { get; init; }

    /// <summary>Stops the server; null for systemd.</summary>
    public required IReadOnlyList<string>? StopCommand { get; init; }

    /// <summary>Tells whether the server runs; null for systemd.</summary>
    public required IReadOnlyList<string>? StatusCommand { get; init; }

    /// <summary>How long the server may take to start or stop.</summary>
    public required TimeSpan ServerTimeout { get; init; }

    /// <summary>Name or path of the <c>zfs</c> command.</summary>
    public required string Zfs { get; init; }

    /// <summary>Directory of locks, journals and history.</summary>
    public required string State { get; init; }

    /// <summary>Log of events.</summary>
    public required string Log { get; init; }

    /// <summary>Local time of day of the nightly snapshot.</summary>
    public required TimeOnly At { get; init; }

    /// <summary>The server's own configuration.</summary>
    public required string ServerConfiguration { get; init; }

    /// <summary>More paths that must lie on the data set.</summary>
    public required IReadOnlyList<string> DataPaths { get; init; }

    /// <summary>Paths that need not.</summary>
    public required IReadOnlyList<string> AcceptOutside { get; init; }

    /// <summary>How long a replaced state is kept.</summary>
    public required TimeSpan KeepReplaced { get; init; }

    /// <summary>Program and arguments of drills.</summary>
    public required IReadOnlyList<string> DrillCommand { get; init; }

    /// <summary>Where the database directory lies on the data set; empty for its top.</summary>
    public required string DrillDataFolder { get; init; }

    /// <summary>Reads the section.</summary>
    public static DrSection Read(SettingSection section) => new()
    {
        Dataset = section.Text("dataset"),
        Service = section.Text("service") is var service && service == NoService ? null : service,
        StartCommand = section.TextsOrNull("start_command"),
        StopCommand = section.TextsOrNull("stop_command"),
        StatusCommand = section.TextsOrNull("status_command"),
        ServerTimeout = section.Duration("server_timeout"),
        Zfs = section.Text("zfs"),
        State = section.Text("state"),
        Log = section.Text("log"),
        At = section.TimeOfDay("at"),
        ServerConfiguration = section.Text("server_config"),
        DataPaths = section.Texts("data_paths"),
        AcceptOutside = section.Texts("accept_outside"),
        KeepReplaced = section.Duration("keep_replaced"),
        DrillCommand = section.Texts("drill_command"),
        DrillDataFolder = section.TextOrNull("drill_data_folder") ?? "",
    };
}
