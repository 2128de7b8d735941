using System.Text.Json;
using System.Text.RegularExpressions;
using MetisBackup.App.Operations.Watching;
using MetisBackup.App.Supervision.Metrics;
using MetisBackup.Core.Errors;
using MetisBackup.UnitTests.Architecture;

namespace MetisBackup.UnitTests.App.Watching;

public sealed partial class StatusMetricsTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 20, 9, 0, 0, TimeSpan.Zero);
    private static readonly string Packaging = Path.Combine(SourceTree.Root, "packaging");

    [Fact]
    public void What_is_not_known_is_absent_and_nothing_stands_for_it()
    {
        var text = StatusMetrics.Of(Report(Unknown));

        Assert.Contains("metis_backup_status{target=\"dr\",tier=\"dr\",series=\"dr:pool\"} 3\n", text, StringComparison.Ordinal);
        Assert.Contains("metis_backup_concern{target=\"dr\",tier=\"dr\",series=\"dr:pool\",kind=\"unread\"} 3\n", text, StringComparison.Ordinal);
        Assert.Contains("metis_backup_offpool_copies{target=\"dr\",tier=\"dr\",series=\"dr:pool\"} 0\n", text, StringComparison.Ordinal);
        Assert.Equal(["build_info", "status_timestamp_seconds", "status", "concern", "offpool_copies"], Families(text));
    }

    [Fact]
    public void Everything_that_is_known_is_told_in_base_units()
    {
        var text = StatusMetrics.Of(Report(Known));

        Assert.Equal(StatusMetrics.All.Select(static one => one.Name).Order(StringComparer.Ordinal), Families(text).Select(static one => "metis_backup_" + one).Order(StringComparer.Ordinal));
        Assert.Contains("last_success_timestamp_seconds{target=\"dr\",tier=\"dr\",series=\"dr:pool\"} 1773972000\n", text, StringComparison.Ordinal);
        Assert.Contains("free_ratio{target=\"dr\",tier=\"dr\",series=\"dr:pool\"} 0.4125\n", text, StringComparison.Ordinal);
        Assert.Contains("run_duration_seconds{target=\"dr\",tier=\"dr\",series=\"dr:pool\"} 90\n", text, StringComparison.Ordinal);
        Assert.Contains("points{target=\"dr\",tier=\"dr\",series=\"dr:pool\",state=\"legacy\"} 2\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_samples_of_a_family_stand_together()
    {
        var text = StatusMetrics.Of(Report(Known, Known with { Target = "other" }));

        Assert.Equal(Families(text).Distinct(StringComparer.Ordinal), Families(text));
        Assert.Equal(2, text.Split("\nmetis_backup_status{").Length - 1);
    }

    [Fact]
    public void A_proof_that_failed_is_0_and_not_proven_at_any_time()
    {
        var text = StatusMetrics.Of(Report(Known with { Proof = new ProofStatus("drill", Now, Passed: false, null) }));

        Assert.Contains("proof_result{target=\"dr\",tier=\"dr\",series=\"dr:pool\",operation=\"drill\"} 0\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("last_proven", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_would_break_the_format_is_escaped() =>
        Assert.Contains("series=\"operational:a\\\"\\\\\\n\"", StatusMetrics.Of(Report(Unknown with { Series = "operational:a\"\\\n" })), StringComparison.Ordinal);

    [Fact]
    public void The_dashboard_and_the_alerts_use_metrics_that_exist()
    {
        var known = StatusMetrics.All.Select(static one => one.Name).ToHashSet(StringComparer.Ordinal);
        var dashboard = File.ReadAllText(Path.Combine(Packaging, "grafana", "metis-backup.json"));
        var rules = File.ReadAllText(Path.Combine(Packaging, "prometheus", "metis-backup.rules.yml"));

        Assert.Empty(Used(dashboard).Except(known, StringComparer.Ordinal));
        Assert.Empty(Used(rules).Except(known, StringComparer.Ordinal));
        Assert.NotEmpty(Used(rules));
        Assert.Equal(["metis_backup_build_info", "metis_backup_last_run_timestamp_seconds"], known.Except(Used(dashboard), StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_alerts_name_concerns_that_exist()
    {
        var known = Enum.GetValues<ConcernKind>().Select(static one => JsonNamingPolicy.SnakeCaseLower.ConvertName(one.ToString())).ToHashSet(StringComparer.Ordinal);
        var used = Kinds().Matches(File.ReadAllText(Path.Combine(Packaging, "prometheus", "metis-backup.rules.yml"))).SelectMany(static one => one.Groups["kinds"].Value.Split('|')).ToList();

        Assert.Empty(used.Except(known, StringComparer.Ordinal));
        Assert.Equal(["age", "future", "pool"], known.Except(used, StringComparer.Ordinal).Order(StringComparer.Ordinal)); // the first has a rule of its own
    }

    [Fact]
    public void The_dashboard_is_json_whose_panels_do_not_lie_on_each_other()
    {
        using var dashboard = JsonDocument.Parse(File.ReadAllText(Path.Combine(Packaging, "grafana", "metis-backup.json")));
        var cells = dashboard.RootElement.GetProperty("panels").EnumerateArray().SelectMany(static panel =>
        {
            var place = panel.GetProperty("gridPos");
            return from x in Enumerable.Range(place.GetProperty("x").GetInt32(), place.GetProperty("w").GetInt32())
                   from y in Enumerable.Range(place.GetProperty("y").GetInt32(), place.GetProperty("h").GetInt32())
                   select (x, y);
        }).ToList();

        Assert.Equal(cells.Count, cells.Distinct().Count());
        Assert.InRange(cells.Max(static one => one.x), 0, 23);
    }

    [Fact]
    public void The_file_is_there_as_a_whole_for_everybody_and_nothing_is_left_beside_it()
    {
        var folder = Directory.CreateTempSubdirectory("metis-prom-").FullName;
        try
        {
            var path = Path.Combine(folder, "m.prom");
            MetricsFile.Write(path, "a 1\n");
            MetricsFile.Write(path, "a 2\n");

            Assert.Equal("a 2\n", File.ReadAllText(path));
            Assert.True(File.GetUnixFileMode(path).HasFlag(UnixFileMode.OtherRead));
            Assert.Equal([path], Directory.GetFiles(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_file_that_cannot_be_written_is_an_error() =>
        Assert.Equal(ErrorCode.Denied, Assert.Throws<MetisException>(static () => MetricsFile.Write("/nowhere/m.prom", "")).Code);

    private static SeriesStatus Unknown => new()
    {
        Target = "dr",
        Tier = "dr",
        Series = "dr:pool",
        Subject = "pool",
        Health = Health.Unknown,
        Concerns = [new Concern(ConcernKind.Unread, Health.Unknown, "a"), new Concern(ConcernKind.Unread, Health.Unknown, "b")],
    };

    private static SeriesStatus Known => Unknown with
    {
        Newest = new WatchedPoint("p", Now.AddHours(-7), PointKind.Own) { Bytes = 12 },
        AllowedAge = TimeSpan.FromHours(26),
        UsualBytes = 11,
        NextRun = Now.AddHours(17),
        Points = new PointCounts(3, 2, 1, 0, 1, 1),
        Space = new SpaceStatus("pool", 5, 41.25) { Lasts = TimeSpan.FromDays(9), ShrinksPerDay = 1 },
        Proof = new ProofStatus("drill", Now, Passed: true, 4.5),
        Running = new RunningStatus("create", Now),
        LastRun = new LastRunStatus(Now.AddHours(-7), Now.AddHours(-7).AddSeconds(90), 0, null),
    };

    private static StatusReport Report(params SeriesStatus[] series) => new() { At = Now, Health = Health.Unknown, Series = series, Ignored = [], Limits = new StatusLimits() };

    private static IReadOnlyList<string> Families(string text) => [.. text.Split('\n').Where(static line => line.StartsWith("# TYPE metis_backup_", StringComparison.Ordinal)).Select(static line => line.Split(' ')[2]["metis_backup_".Length..])];

    private static HashSet<string> Used(string text) => MetricName().Matches(text).Select(static one => one.Value).ToHashSet(StringComparer.Ordinal);

    [GeneratedRegex(@"\bmetis_backup_\w+")]
    private static partial Regex MetricName();

    [GeneratedRegex("kind=~?\"(?<kinds>[^\"]+)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Kinds();
}
