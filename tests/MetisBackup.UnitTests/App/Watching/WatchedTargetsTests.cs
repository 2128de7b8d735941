using MetisBackup.App.Configuration;
using MetisBackup.App.Operations;
using MetisBackup.App.Supervision;
using MetisBackup.Core.Errors;

namespace MetisBackup.UnitTests.App.Watching;

public sealed class WatchedTargetsTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Without_a_configuration_both_tiers_are_watched_and_only_the_nightly_one_has_an_age() => Assert.Equal(
        [("operational", "operational:arxiv_datastore", null), ("dr", "dr:dbpool/arangodb", (double?)26)], Watched(Of("")));

    [Fact]
    public void What_is_ignored_is_not_watched_but_told()
    {
        var request = Of("[status]\nignore = [\"dr\"]\nallowed_age = \"2h\"\n");

        Assert.Equal([("operational", "operational:arxiv_datastore", 2.0)], Watched(request));
        Assert.Equal(["dr"], request.Ignored);
    }

    [Fact]
    public void A_target_has_its_own_age_and_a_schedule_gives_it_one() => Assert.Equal(
        [("operational", "operational:arxiv_datastore", null), ("dr", "dr:dbpool/arangodb", 26), ("archive", "dr:tank/a", 200), ("papers", "operational:papers", 26)],
        Watched(Of("""
            [target.papers]
            database = "papers"
            [target.archive]
            dataset = "tank/a"
            allowed_age = "200h"
            [schedule.p]
            target = "papers"
            cron = "0 4 * * *"
            """)));

    [Fact]
    public void A_chosen_target_is_watched_even_if_it_is_ignored() => Assert.Equal(
        [("dr", "dr:dbpool/arangodb", (double?)26)], Watched(WatchedTargets.Of(Load("[status]\nignore = [\"dr\"]").For("dr"), TimeProvider.System)));

    [Fact]
    public void An_unknown_target_cannot_be_ignored() =>
        Assert.Contains("there is no target 'dt'", Assert.Throws<MetisException>(() => Load("[status]\nignore = [\"dt\"]")).Message, StringComparison.Ordinal);

    private static IEnumerable<(string Target, string Series, double? Hours)> Watched(ReadStatusRequest request) =>
        request.Series.Select(static one => (one.Target, one.Place.Series, one.AllowedAge?.TotalHours));

    private ReadStatusRequest Of(string text) => WatchedTargets.Of(Load(text), TimeProvider.System);

    private Settings Load(string text)
    {
        File.WriteAllText(_file, text);
        return Settings.Load(SettingsSource.Read(_file, target: null, [], TimeZoneInfo.Utc));
    }
}
