using MetisBackup.App.Configuration;
using MetisBackup.App.Operations.Running;
using MetisBackup.App.Supervision;

namespace MetisBackup.UnitTests.App.Watching;

public sealed class TargetSeriesTests
{
    /// <summary>As in the manual: another server has a database of the same name.</summary>
    private const string Text = """
        [target.papers]
        database = "papers"
        [target.staging]
        endpoint = "http://10.0.0.7:8529"
        database = "arxiv_datastore"
        store = "/bulk-store/metis/staging"
        """;

    [Fact]
    public void A_database_of_another_server_is_another_series()
    {
        var settings = Load();

        Assert.Equal(
            ["operational:arxiv_datastore", "dr:dbpool/arangodb", "operational:papers", "operational:staging/arxiv_datastore"],
            WatchedTargets.Of(settings, TimeProvider.System).Series.Select(static one => one.Place.Series));
        Assert.Equal("operational:staging/arxiv_datastore", TargetSeries.Of(settings.For("staging"), "arxiv_datastore"));
        Assert.Equal("operational:copy", TargetSeries.Of(settings.For("staging"), "copy"));
        Assert.Equal("operational:arxiv_datastore", TargetSeries.Of(settings, "arxiv_datastore"));
    }

    [Theory]
    [InlineData("operational:staging/arxiv_datastore", "staging", "arxiv_datastore", "staging")]
    [InlineData("operational:arxiv_datastore", "operational", "arxiv_datastore", null)]
    [InlineData("operational:papers", "papers", "papers", null)]
    [InlineData("dr:dbpool/arangodb", "dr", "dbpool/arangodb", null)]
    public void A_series_is_that_of_one_target_and_names_what_it_is_of(string series, string target, string subject, string? told)
    {
        var targets = Load().Targets;

        Assert.Equal([target], targets.Where(one => one.Covers(series, targets)).Select(static one => one.Name));
        Assert.Equal((subject, told), (RunSeries.SubjectOf(series), RunSeries.TargetOf(series)));
    }

    [Fact]
    public void Every_database_of_a_store_is_of_every_target_that_is_one()
    {
        var targets = Load().Targets;

        Assert.Equal(["operational", "papers", "staging"], targets.Where(one => one.Covers(RunSeries.EveryDatabase, targets)).Select(static one => one.Name));
    }

    private static Settings Load()
    {
        var file = TomlFile.Parse(Text, "file");
        return Settings.Load(new SettingsSource { Files = [], Layers = [file.Known], Options = [], Target = null, Faults = file.Faults, LocalZone = TimeZoneInfo.Utc });
    }
}
