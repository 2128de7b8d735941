using MetisBackup.App.Configuration;
using MetisBackup.App.Configuration.Sections;
using MetisBackup.App.Operations.Retaining;
using MetisBackup.App.Operations.Watching;
using MetisBackup.App.Supervision;

namespace MetisBackup.UnitTests.App.Watching;

public sealed class TargetServersTests : IDisposable
{
    private const string Production = "10.0.0.1:8529";
    private const string Staging = "10.0.0.2:8529";

    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void The_others_are_the_targets_of_the_same_database_in_the_same_store()
    {
        Assert.Equal([Staging], Place("operational").OtherServers);
        Assert.Equal((Staging, Production), (Place("staging").Server, Assert.Single(Place("staging").OtherServers)));
        Assert.Equal([Production, Staging], TargetServers.Apart(Load(endpoint: null)));
    }

    [Fact]
    public void A_target_whose_address_the_line_gives_is_not_another_server_at_the_one_that_is_configured()
    {
        Assert.Equal(("10.0.0.9:8529", Staging), (Place("operational", "http://10.0.0.9").Server, Assert.Single(Place("operational", "http://10.0.0.9").OtherServers)));

        var horizon = RetentionSettings.Horizon(Load("http://10.0.0.9").For("operational"), TargetTier.Operational, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(2));
        Assert.Equal(2, horizon.Of(new RetentionSubject("papers", "10.0.0.9:8529")).Count);
        var subjects = RetentionSettings.Rules(Load("http://10.0.0.9").For("operational")).Own.Keys.Where(static one => one.Name == "papers");
        Assert.Equal([new RetentionSubject("papers", "10.0.0.9:8529"), new RetentionSubject("papers", Staging)], subjects.OrderByDescending(static one => one.Address, StringComparer.Ordinal));
    }

    private StorePlace Place(string target, string? endpoint = null) =>
        Assert.IsType<StorePlace>(Assert.Single(WatchedTargets.Of(Load(endpoint).For(target), TimeProvider.System).Series).Place);

    private Settings Load(string? endpoint)
    {
        File.WriteAllText(_file, """
            [server]
            endpoint = "http://10.0.0.1"
            [operational]
            database = "papers"
            [target.staging]
            endpoint = "http://10.0.0.2"
            database = "papers"
            [target.elsewhere]
            endpoint = "http://10.0.0.3"
            database = "papers"
            store = "/elsewhere"
            [target.other]
            endpoint = "http://10.0.0.4"
            database = "other"
            [schedule.nightly]
            target = "operational"
            cron = "0 4 * * *"
            """);
        return Settings.Load(SettingsSource.Read(_file, target: null, endpoint is null ? [] : [new SettingEntry("server.endpoint", endpoint, new SettingOrigin(OriginKind.Option, "--endpoint", 0))], TimeZoneInfo.Utc));
    }
}
