namespace MetisBackup.App.Supervision.Metrics;

/// <summary>A metric. All of them are gauges: they tell how things stand, not what was counted.</summary>
/// <param name="Name">Its name, with its unit.</param>
/// <param name="Help">Half a sentence.</param>
internal sealed record MetricFamily(string Name, string Help);
