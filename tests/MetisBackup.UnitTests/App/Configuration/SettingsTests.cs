using MetisBackup.App.Configuration;
using MetisBackup.App.Configuration.Sections;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Retention;
using MetisBackup.UnitTests.Architecture;

namespace MetisBackup.UnitTests.App.Configuration;

public sealed class SettingsTests
{
    [Fact]
    public void Without_a_file_the_defaults_of_the_product_hold()
    {
        var settings = Load();

        Assert.Equal(("http://127.0.0.1:8529", "root", "ARANGO_PASSWORD"), (settings.Server.Endpoint, settings.Server.User, settings.Server.Password.Variable));
        Assert.Equal(("arxiv_datastore", "/bulk-store/metis/snapshots"), (settings.Operational.Database, settings.Operational.Store));
        Assert.Equal(("dbpool/arangodb", "arangodb3", "/var/log/metis-dr-backup.log"), (settings.Dr.Dataset, settings.Dr.Service, settings.Dr.Log));
        Assert.Equal("/bulk-store/metis/experiments", settings.Bulk.Path);
        Assert.Equal((RetentionPolicy.Operational, RetentionPolicy.DisasterRecovery), (settings.Retention.Operational, settings.Retention.Dr));
        Assert.Equal(TimeSpan.FromHours(26), settings.Status.AllowedAge);
        var schedule = Assert.Single(settings.Schedules);
        Assert.Equal(("dr-nightly", "dr", "0 2 * * *"), (schedule.Name, schedule.Target, schedule.Cron));
    }

    [Theory]
    [InlineData("[serve]\nhistory = \"/h/runs.db\"\n[dr]\nstate = \"/s\"", "/h/runs.db")]
    [InlineData("[dr]\nstate = \"/s\"", "/s/history.db")]
    public void The_history_lies_where_somebody_says(string file, string path) => Assert.Equal(path, Load(file).Serve.History);

    [Fact]
    public void A_later_layer_holds_key_by_key_and_tells_where_from()
    {
        var settings = Load("[server]\nuser = \"a\"\nendpoint = \"http://a\"\n", "[server]\nuser = \"b\"\n");

        Assert.Equal(("b", "http://a"), (settings.Server.User, settings.Server.Endpoint));
        Assert.Equal("file2:2", settings.Values.Find("server.user")!.Origin.ToString());
        Assert.Equal("file1:3", settings.Values.Find("server.endpoint")!.Origin.ToString());
        Assert.Equal("default", settings.Values.Find("dr.dataset")!.Origin.ToString());
    }

    [Fact]
    public void Of_file_and_variable_of_a_secret_the_later_one_holds_alone()
    {
        Assert.Equal(new SecretReference("/a", null), Load("[server]\npassword_file = \"/a\"\n").Server.Password);
        Assert.Equal(new SecretReference(null, "X"), Load("[server]\npassword_file = \"/a\"\n", "[server]\npassword_env = \"X\"\n").Server.Password);
    }

    [Theory]
    [InlineData("[server]\nendpont = \"x\"", "file1:2: server.endpont: is unknown; did you mean endpoint?")]
    [InlineData("[server]\ndataset = \"x\"", "file1:2: server.dataset: is unknown; did you mean dr.dataset?")]
    [InlineData("endpoint = \"x\"", "file1:1: endpoint: is unknown; did you mean server.endpoint?")]
    [InlineData("[servr]\nuser = \"x\"", "file1:1: [servr]: is no section; did you mean [server]?")]
    [InlineData("[server]\nuser = 3", "file1:2: server.user: must be a text")]
    [InlineData("[server]\nuser = \"\"", "file1:2: server.user: must be a text")]
    [InlineData("[server]\nendpoint = \"http://root:geheim@host\"", "file1:2: server.endpoint: must be an address like http://host:port or unix:///path, without account, password and path")]
    [InlineData("[server]\nendpoint = \"ftp://host\"", "file1:2: server.endpoint: must be an address")]
    [InlineData("[server]\npassword = geheim", "file1:2: server.password: Unexpected token for a value")]
    [InlineData("[alarms.webhook.a]\nurl = \"https://h/geheim\"\nurl = \"https://h/geheim\"", "file1:3: alarms.webhook.a.url: The key alarms.webhook.a.url is already defined at (2,1)")]
    [InlineData("[alarms.webhook.a]\nurl = \"https://h/\"\ntemplate = '{\"a\": \"{sumary}\"}'", "file1:3: alarms.webhook.a.template: must be a JSON document, with placeholders in quotes of {event}, {summary},")]
    [InlineData("[alarms.webhook.a]\nurl = \"https://h/\"\ntemplate = '{\"a\": {summary}}'", "file1:3: alarms.webhook.a.template: must be a JSON document")]
    [InlineData("[alarms.email.a]\nhost = \"h\"\nfrom = \"nobody\"\nto = [\"a@b\"]", "file1:3: alarms.email.a.from: must be a mail address")]
    [InlineData("[alarms.email.a]\nhost = \"h\"\nfrom = \"M <a@b>\"\nto = [\"a@b\", \"c\"]", "file1:4: alarms.email.a.to: must be a list of mail addresses")]
    [InlineData("[bulk]\nexclude = [\"a/b\"]", "file1:2: bulk.exclude: must be a list of names")]
    [InlineData("[schedule.a]\ntarget = \"dr\"\ncron = \"0 2 31 2 *\"", "file1:3: schedule.a.cron: names a day that no year has")]
    [InlineData("[target.a]\n[log]\nformat = \"text\"", "file1:1: target.a: is empty")]
    [InlineData("[alarms.webhook.a]", "file1:1: alarms.webhook.a: is empty")]
    [InlineData("[hook]\na = {}", "file1:2: hook.a: is empty")]
    [InlineData("[server]\npassword = \"geheim\"", "file1:2: server.password: a secret is never written here; set password_file to a file or password_env to a variable that holds it")]
    [InlineData("[server]\npassword_file = \"/a\"\npassword_env = \"A\"", "file1:3: server.password_env: excludes server.password_file; give one of them")]
    [InlineData("[server]\nuser = \"a\nb = 1", "The configuration has 2 faults")]
    [InlineData("[operational]\nstore = \"snapshots\"", "file1:2: operational.store: must be an absolute path")]
    [InlineData("[operational]\ncleanup_after_create = \"yes\"", "file1:2: operational.cleanup_after_create: must be true or false")]
    [InlineData("[dr]\ndataset = \"-r\"", "file1:2: dr.dataset: must be a name of a data set, like dbpool/arangodb")]
    [InlineData("[dr]\ndata_paths = [\"/a\", 3]", "file1:2: dr.data_paths: must be a list of absolute paths")]
    [InlineData("[alarms]\ntimeout = \"0s\"", "file1:2: alarms.timeout: must be a time span from 1s to 30d, like 90s, 5m or 1h30m")]
    [InlineData("[hook.h]\nwhen = \"before\"\ncommand = [\"a\"]\ntimeout = \"60d\"", "file1:4: hook.h.timeout: must be a time span from 1s to 30d")]
    [InlineData("[retention.dr]\nlast = -1", "file1:2: retention.dr.last: must be a number from 0 to 100000")]
    [InlineData("[retention.dr]\nlast = 0", "file1:2: retention.dr: keeps nothing; give at least one rule")]
    [InlineData("[retention.dr]\nwithin = \"30\"", "file1:2: retention.dr.within: must be a time span, or off")]
    [InlineData("[target.x]\nstore = \"/a\"", "file1:2: target.x: needs a database or a data set, and not both")]
    [InlineData("[target.dr]\ndataset = \"a/b\"", "file1:2: target.dr: is always there; set [dr] instead")]
    [InlineData("[target.\"a.b\"]\ndatabase = \"x\"", "file1:2: target.a·b.database: the name of the section must be made of letters, digits, - and _")]
    [InlineData("[schedule.a]\ntarget = \"dr\"", "file1:2: schedule.a: has no cron")]
    [InlineData("[schedule.a]\ntarget = \"dr\"\ncron = \"61 * * * *\"", "file1:3: schedule.a.cron: must be a cron expression with five fields, like \"0 2 * * *\"")]
    [InlineData("[schedule.a]\ntarget = \"b\"\ncron = \"0 2 * * *\"", "file1:2: schedule.a.target: there is no target of that name; there are operational, dr")]
    [InlineData("[schedule.a]\ntarget = \"operational\"\naction = \"drill\"\ncron = \"0 2 * * *\"", "file1:3: schedule.a.action: a data set is drilled and a database is verified, not the other way round")]
    [InlineData("[schedule.a]\ntarget = \"dr\"\nzone = \"Mars\"\ncron = \"0 2 * * *\"", "file1:3: schedule.a.zone: must be a time zone, like Europe/Berlin, UTC or local")]
    [InlineData("[serve]\nlisten = \"0.0.0.0:80\"", "file1:2: serve.listen: must be an address of the loopback; put a proxy that knows your users in front of it")]
    [InlineData("[metrics]\ntextfile = \"/a\"", "file1:2: metrics.textfile: must end with .prom, or node_exporter passes it over")]
    [InlineData("[alarms.email.a]\nhost = \"h\"\nfrom = \"f@h\"", "file1:2: alarms.email.a: has no to")]
    [InlineData("[alarms.webhook.a]\non = [\"failure\"]", "file1:2: alarms.webhook.a: has no url")]
    [InlineData("[alarms.webhook.a]\nurl = \"https://u:p@h/\"", "file1:2: alarms.webhook.a.url: must be an http or https address without account and password")]
    [InlineData("[alarms.ping.a]\nurl = \"https://h/\"\ntargets = [\"b\"]", "file1:3: alarms.ping.a: there is no target 'b'; there are operational, dr")]
    [InlineData("[hook.a]\nwhen = \"before\"", "file1:2: hook.a: has no command")]
    [InlineData("[[hook]]\nwhen = \"before\"", "file1:1: hook: sections in two brackets are not used here; write [section.NAME]")]
    public void A_fault_is_told_with_file_line_and_key(string text, string sentence)
    {
        var failure = Assert.Throws<MetisException>(() => Load(text));

        Assert.Equal(ErrorCode.Usage, failure.Code);
        Assert.DoesNotContain("geheim", failure.ToString(), StringComparison.Ordinal);
        Assert.StartsWith(sentence, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_faults_are_told_at_once_in_the_order_of_the_file()
    {
        var failure = Assert.Throws<MetisException>(() => Load("[server]\nuser = 1\nfoo = 1\n\n[nope]\na = 1\nb = 2\n\n[schedule.a]\ncron = \"x\"\ntarget = \"b\"\n\n[hook.h]\nwhen = \"before\"\n"));

        Assert.Equal(["file1:2", "file1:3", "file1:5", "file1:10", "file1:11", "file1:14"], failure.Details.Select(one => string.Join(':', one.Split(':')[..2])));
    }

    [Fact]
    public void A_line_that_cannot_be_read_hides_no_fault_of_the_others()
    {
        const string Text = "[retention.dr]\nlast = 99999999999999999999\nweekly = -1\n\n[server]\nuser = \"a\nfoo = 1\n\n[alarms.webhook.a]\nurl = \"nope\"\n\n[alarms.webhook.b]\non = [\"failure\"]\n";

        var failure = Assert.Throws<MetisException>(() => Load(Text));

        Assert.Equal(
            ["file1:2: retention.dr.last", "file1:3: retention.dr.weekly", "file1:6: server.user", "file1:7: server.foo", "file1:10: alarms.webhook.a.url", "file1:13: alarms.webhook.b"],
            failure.Details.Select(static one => one[..one.LastIndexOf(": ", StringComparison.Ordinal)].Split(": ") is [var place, var key, ..] ? $"{place}: {key}" : one));
    }

    [Theory]
    [InlineData("[server\nuser = 5\n")]
    [InlineData("[dr]\ndata_paths = [\"/a\",\nuser = 5\n")]
    public void What_follows_something_without_an_end_is_not_judged(string text)
    {
        var failure = Assert.Throws<MetisException>(() => Load(text));

        Assert.DoesNotContain("must be", failure.Message + string.Concat(failure.Details), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_none_is_refused_within_moments()
    {
        var failure = Assert.Throws<MetisException>(() => Load(string.Concat(Enumerable.Repeat("what is this\n", 5_000))));

        Assert.Equal(ErrorCode.Usage, failure.Code);
    }

    [Fact]
    public void A_target_takes_the_place_of_what_it_names_and_options_of_both()
    {
        const string text = """
            [server]
            password_file = "/p"
            [retention.operational]
            last = 5
            [target.papers]
            endpoint = "http://other"
            password_env = "OTHER"
            database = "papers"
            allowed_age = "8d"
            retention = { weekly = 0, monthly = 12 }
            """;
        var option = new SettingEntry("operational.store", "/typed", new SettingOrigin(OriginKind.Option, "--store", 0));

        var settings = Settings.Load(Source([text], option) with { Target = "papers" });

        Assert.Equal(("http://other", "root", "papers", "/typed"), (settings.Server.Endpoint, settings.Server.User, settings.Operational.Database, settings.Operational.Store));
        Assert.Equal(new SecretReference(null, "OTHER"), settings.Server.Password);
        Assert.Equal(new RetentionPolicy { Last = 5, Monthly = 12 }, settings.Retention.Operational);
        Assert.Equal(TimeSpan.FromDays(8), settings.Status.AllowedAge);
        Assert.Equal("arxiv_datastore", settings.For("operational").Operational.Database);
        Assert.Equal(ErrorCode.NotFound, Assert.Throws<MetisException>(() => settings.For("nobody")).Code);
    }

    [Fact]
    public void A_schedule_knows_summer_time()
    {
        Assert.SkipUnless(TimeZoneInfo.TryFindSystemTimeZoneById("Europe/Berlin", out _), "needs the time zones (Debian: tzdata)");
        var schedule = Assert.Single(Load("[schedule.a]\ntarget = \"dr\"\ncron = \"30 2 * * *\"\nzone = \"Europe/Berlin\"").Schedules);

        Assert.Equal(new DateTimeOffset(2026, 3, 29, 3, 0, 0, TimeSpan.FromHours(2)), schedule.Next(new DateTimeOffset(2026, 3, 28, 12, 0, 0, TimeSpan.Zero)));
        var once = schedule.Next(new DateTimeOffset(2026, 10, 24, 12, 0, 0, TimeSpan.Zero))!.Value;
        Assert.Equal(new DateTimeOffset(2026, 10, 25, 2, 30, 0, TimeSpan.FromHours(2)), once);
        Assert.Equal(new DateTimeOffset(2026, 10, 26, 2, 30, 0, TimeSpan.FromHours(1)), schedule.Next(once));
    }

    [Fact]
    public void The_example_of_the_manual_has_no_fault_and_says_what_it_seems_to()
    {
        var settings = Load(File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "manual", "config.example.toml")));

        Assert.Equal(["operational", "dr", "archive", "papers", "staging"], settings.Targets.Select(one => one.Name));
        Assert.Equal(5, settings.Schedules.Count);
        Assert.All(settings.Targets, target => Assert.Equal(target, settings.For(target.Name).Target));
        Assert.Null(settings.For("archive").Dr.Service);
        Assert.Equal([AlarmEvent.Failure], Assert.Single(settings.Alarms.Commands).On);
        Assert.Equal(MailSecurity.Starttls, Assert.Single(settings.Alarms.Emails).Security);
        Assert.Equal([HookFailure.Abort, HookFailure.Warn], settings.Hooks.Select(one => one.OnFailure));
    }

    [Theory]
    [InlineData("https://hooks.example.org/services/T0/B0/geheim", "\"https://hooks.example.org/…\"")]
    [InlineData("https://hc.example.org/?key=geheim", "\"https://hc.example.org/…\"")]
    [InlineData("http://127.0.0.1:8080/", "\"http://127.0.0.1:8080/\"")]
    public void What_may_be_secret_of_an_address_is_not_shown(string address, string shown) =>
        Assert.Equal(shown, Load($"[alarms.webhook.a]\nurl = \"{address}\"").Values.Find("alarms.webhook.a.url")!.Shown);

    [Fact]
    public void What_is_shown_can_be_read_again_and_says_the_same()
    {
        var settings = Load(File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "manual", "config.example.toml")));
        var shown = settings.Values.All.Where(one => one.Shown is not null).GroupBy(one => one.Path[..one.Path.LastIndexOf('.')], StringComparer.Ordinal)
            .Select(section => $"[{section.Key}]\n{string.Join('\n', section.Select(one => $"{one.Key.Name} = {one.Shown}"))}\n");

        var again = Load(string.Join('\n', shown));

        Assert.Equal(settings.Values.All.Select(one => (one.Path, one.Shown)), again.Values.All.Select(one => (one.Path, one.Shown)));
    }

    [Theory]
    [InlineData("90s", 90)]
    [InlineData("1h30m", 5400)]
    [InlineData("26h", 93_600)]
    [InlineData("2w", 1_209_600)]
    [InlineData("0d", 0)]
    public void Time_spans_are_numbers_with_units(string text, int seconds)
    {
        Assert.True(DurationText.TryParse(text, out var span));
        Assert.Equal(seconds, span.TotalSeconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("30")]
    [InlineData("h")]
    [InlineData("-1h")]
    [InlineData("1.5h")]
    [InlineData("30m1h")]
    [InlineData("1h1h")]
    [InlineData("9999999999h")]
    [InlineData("99999w")]
    public void What_is_no_time_span_is_refused(string text) => Assert.False(DurationText.TryParse(text, out _));

    [Fact]
    public void Variables_mean_keys_and_others_of_that_beginning_are_faults()
    {
        var faults = new List<SettingFault>();
        var entries = EnvironmentVariables.Read(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["PATH"] = "/bin",
                ["METIS_BACKUP_CONFIG"] = "x",
                ["METIS_BACKUP_RETENTION_DR_LAST"] = "14",
                ["METIS_BACKUP_BULK_EXCLUDE"] = "[\"*.o\"]",
                ["METIS_BACKUP_OPERATIONAL_CLEANUP_AFTER_CREATE"] = "false",
                ["METIS_BACKUP_STROE"] = "/a",
            },
            faults);

        Assert.Equal("METIS_BACKUP_STROE", Assert.Single(faults).Place.Name);
        var settings = Settings.Load(Source([]) with { Layers = [entries] });
        Assert.Equal((14, false), (settings.Retention.Dr.Last, settings.Operational.CleanupAfterCreate));
        Assert.Equal(["*.o"], settings.Bulk.Excluded);
        Assert.Equal("variable METIS_BACKUP_RETENTION_DR_LAST", settings.Values.Find("retention.dr.last")!.Origin.ToString());
    }

    private static Settings Load(params string[] texts) => Settings.Load(Source(texts));

    private static SettingsSource Source(string[] texts, params SettingEntry[] options)
    {
        var files = texts.Select((text, at) => TomlFile.Parse(text, $"file{at + 1}")).ToList();
        return new SettingsSource
        {
            Files = [],
            Layers = [.. files.Select(file => file.Known)],
            Options = options,
            Target = null,
            Faults = [.. files.SelectMany(file => file.Faults)],
            LocalZone = TimeZoneInfo.Utc,
        };
    }
}
