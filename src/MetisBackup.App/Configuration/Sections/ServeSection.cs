using System.Net;

namespace MetisBackup.App.Configuration.Sections;

/// <summary><c>[serve]</c> and <c>[metrics]</c>: the service.</summary>
internal sealed record ServeSection
{
    /// <summary>What can be set.</summary>
    public static IEnumerable<SettingKey> Keys { get; } =
    [
        new("serve.listen", SettingType.Listen, "127.0.0.1:8530", "where the service listens; only an address of the loopback"),
        new("serve.history", SettingType.Path, null, "database of past runs; when not given history.db in dr.state or, where that is not set and somebody else than root works, in ~/.local/state/metis-backup"),
        new("serve.keep_history", SettingType.Duration, "400d", "how long past runs are remembered"),
        new("serve.stop_timeout", SettingType.Limit, "5m", "how long a stop waits for a running backup before it abandons it"),
        new("metrics.textfile", SettingType.Path, null, "file for node_exporter's textfile collector; its name ends with .prom"),
    ];

    /// <summary>Address and port; an address of the loopback.</summary>
    public required IPEndPoint Listen { get; init; }

    /// <summary>Database of past runs.</summary>
    public required string History { get; init; }

    /// <summary>How long past runs are remembered.</summary>
    public required TimeSpan KeepHistory { get; init; }

    /// <summary>How long a stop waits.</summary>
    public required TimeSpan StopTimeout { get; init; }

    /// <summary>File for node_exporter; null for none.</summary>
    public required string? MetricsTextfile { get; init; }

    /// <summary>Reads the sections.</summary>
    public static ServeSection Read(SettingValues values, ICollection<SettingFault> faults)
    {
        var section = values.Section("serve");
        var metrics = values.Section("metrics");
        var listen = IPEndPoint.Parse(section.Text("listen"));
        if (!IPAddress.IsLoopback(listen.Address))
        {
            faults.Add(new SettingFault(section.Origin("listen"), "serve.listen", "must be an address of the loopback; put a proxy that knows your users in front of it"));
        }

        if (metrics.TextOrNull("textfile") is { } file && !file.EndsWith(".prom", StringComparison.Ordinal))
        {
            faults.Add(new SettingFault(metrics.Origin("textfile"), "metrics.textfile", "must end with .prom, or node_exporter passes it over"));
        }

        return new ServeSection
        {
            Listen = listen,
            History = section.TextOrNull("history") ?? StateFolder.Of(values.Section("dr")) + "/history.db",
            KeepHistory = section.Duration("keep_history"),
            StopTimeout = section.Duration("stop_timeout"),
            MetricsTextfile = metrics.TextOrNull("textfile"),
        };
    }
}
