using MetisBackup.EndToEndTests.Running;

namespace MetisBackup.EndToEndTests;

/// <summary>Where settings come from, and what is said when they cannot be right.</summary>
public sealed class ConfigurationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("metis-config-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Who_has_no_home_directory_gets_no_configuration_from_where_they_are()
    {
        Directory.CreateDirectory(Path.Combine(_folder, ".config", "metis-backup"));
        await File.WriteAllTextAsync(Path.Combine(_folder, ".config", "metis-backup", "config.toml"), "[operational]\nstore = \"/of/a/stranger\"\n", TestContext.Current.CancellationToken);
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["XDG_CONFIG_HOME"] = null, ["HOME"] = "/nonexistent" };

        using var process = Metis.Start("/bin/sh", ["-c", "cd \"$1\" && exec \"$2\" config show", "sh", _folder, Metis.Executable], environment);
        var shown = (await Metis.EndAsync(process)).Succeeded().Out;

        Assert.Contains("store", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("stranger", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_variable_and_option_hold_in_this_order_and_are_named()
    {
        var file = await WriteAsync("metis-backup/config.toml", "[server]\nuser = \"of-file\"\nendpoint = \"http://file\"\n[operational]\nstore = \"/of/file\"\n");
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["XDG_CONFIG_HOME"] = _folder, ["METIS_BACKUP_OPERATIONAL_STORE"] = "/of/variable", ["METIS_BACKUP_SERVER_ENDPOINT"] = "http://variable" };

        var shown = (await Metis.RunAsync(["config", "show", "--endpoint", "http://option"], environment)).Succeeded().Out;

        Assert.Contains($"# read: {file}", shown, StringComparison.Ordinal);
        Assert.Matches($"user = \"of-file\" +# {file}:2\n", shown);
        Assert.Matches("store = \"/of/variable\" +# variable METIS_BACKUP_OPERATIONAL_STORE\n", shown);
        Assert.Matches("endpoint = \"http://option\" +# option --endpoint\n", shown);
        Assert.Matches("dataset = \"dbpool/arangodb\" +# default\n", shown);
    }

    [Fact]
    public async Task The_document_tells_kind_name_and_line()
    {
        var file = await WriteAsync("c.toml", "# mine\n[dr]\ndataset = \"tank/db\"\n");

        var settings = (await Metis.RunAsync("config", "show", "--config", file, "--json")).Succeeded().Json.GetProperty("settings").EnumerateArray();

        var dataset = settings.Single(one => one.GetProperty("key").GetString() == "dr.dataset");
        Assert.Equal("\"tank/db\"", dataset.GetProperty("value").GetString());
        Assert.Equal("METIS_BACKUP_DR_DATASET", dataset.GetProperty("variable").GetString());
        Assert.Equal(("file", file, 3), (dataset.GetProperty("origin").GetProperty("kind").GetString(), dataset.GetProperty("origin").GetProperty("name").GetString(), dataset.GetProperty("origin").GetProperty("line").GetInt32()));
    }

    [Fact]
    public async Task What_is_shown_is_a_configuration_that_says_the_same()
    {
        var example = Path.Combine(Repository.Root, "docs", "manual", "config.example.toml");
        var shown = (await Metis.RunAsync("config", "show", "--config", example)).Succeeded().Out;
        var copy = await WriteAsync("copy.toml", shown);

        var again = (await Metis.RunAsync("config", "show", "--config", copy)).Succeeded().Out;

        Assert.Equal(Values(shown), Values(again));
    }

    [Fact]
    public async Task The_example_of_the_manual_has_no_fault() =>
        Assert.Contains("No fault", (await Metis.RunAsync("config", "check", "--config", Path.Combine(Repository.Root, "docs", "manual", "config.example.toml"))).Succeeded().Out, StringComparison.Ordinal);

    [Theory]
    [InlineData("list")]
    [InlineData("create", "x")]
    [InlineData("dr", "list")]
    [InlineData("config", "show")]
    public async Task Every_command_refuses_a_file_with_faults_and_tells_all_of_them(params string[] command)
    {
        var file = await WriteAsync("c.toml", "[server]\nendpont = \"x\"\npassword = \"geheim\"\n\n[retention.dr]\nlast = \"thirty\"\n");

        var result = (await Metis.RunAsync([.. command, "--config", file])).Failed(2, "3 faults", $"{file}:2: server.endpont", "did you mean endpoint", $"{file}:3: server.password", "password_file", $"{file}:6: retention.dr.last");

        Assert.DoesNotContain("geheim", result.Error + result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_json_the_faults_are_a_list()
    {
        var file = await WriteAsync("c.toml", "a = 1\nb = 2\n");

        Assert.Equal(2, (await Metis.RunAsync("config", "check", "--config", file, "--json")).Failed(2).Json.GetProperty("error").GetProperty("details").GetArrayLength());
    }

    [Fact]
    public async Task A_target_is_chosen_by_name()
    {
        await using var scene = await Scene.SetAsync(20);
        var file = await WriteAsync("c.toml", $"[target.shop]\nendpoint = \"{scene.Http.Endpoint}\"\nstore = \"{scene.Store}\"\ndatabase = \"{Scene.Database}\"\n");

        (await Metis.RunAsync("create", "By target", "--config", file, "--target", "shop")).Succeeded();

        Assert.Single(scene.Snapshots);
        Assert.Contains("By target", (await Metis.RunAsync(["list", "--verbose"], new Dictionary<string, string?>(StringComparer.Ordinal) { ["METIS_BACKUP_CONFIG"] = file, ["METIS_BACKUP_TARGET"] = "shop" })).Succeeded().Out, StringComparison.Ordinal);
        (await Metis.RunAsync("list", "--config", file, "--target", "shp")).Failed(10, "shp", "operational, dr, shop");
    }

    [Theory]
    [InlineData("shop", "dr", "list")]
    [InlineData("shop", "dr", "rollback", "latest", "--yes")]
    [InlineData("shop", "dr", "install", "--dry-run")]
    [InlineData("archive", "create", "x")]
    [InlineData("archive", "restore", "latest", "--yes")]
    [InlineData("archive", "cleanup")]
    public async Task A_target_of_the_other_tier_is_refused(string target, params string[] command)
    {
        var file = await WriteAsync("c.toml", "[target.shop]\ndatabase = \"shop\"\n[target.archive]\ndataset = \"tank/archive\"\n");

        (await Metis.RunAsync([.. command, "--config", file, "--target", target])).Failed(2, target, "works on");
    }

    [Fact]
    public async Task A_secret_that_others_can_read_is_warned_about_and_a_file_that_others_can_write_refused()
    {
        var secret = await WriteAsync("password", "geheim\n");
        File.SetUnixFileMode(secret, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        var file = await WriteAsync("c.toml", $"[server]\npassword_file = \"{secret}\"\n");

        var result = (await Metis.RunAsync("config", "check", "--config", file)).Succeeded();
        Assert.Contains($"chmod 600 '{secret}'", result.Error, StringComparison.Ordinal);

        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.OtherWrite);
        (await Metis.RunAsync("config", "check", "--config", file)).Failed(15, file, "chmod o-w");
    }

    [Fact]
    public async Task A_file_that_is_named_must_be_there() => (await Metis.RunAsync("list", "--config", "/nowhere/c.toml")).Failed(10, "/nowhere/c.toml");

    [Fact]
    public async Task A_variable_that_means_nothing_is_a_fault() =>
        (await Metis.RunAsync(["list"], new Dictionary<string, string?>(StringComparer.Ordinal) { ["METIS_BACKUP_STROE"] = "/x" })).Failed(2, "METIS_BACKUP_STROE");

    [Fact]
    public async Task The_nightly_job_gets_the_configuration_and_not_a_copy_of_it()
    {
        var file = await WriteAsync("c.toml", "[dr]\ndataset = \"tank/db\"\nat = \"03:15\"\nlog = \"/var/log/other.log\"\n");
        var root = Path.Combine(_folder, "root");

        (await Metis.RunAsync("dr", "install", "--root", root, "--config", file)).Succeeded();

        var service = await File.ReadAllTextAsync(Path.Combine(root, "etc/systemd/system/metis-dr-backup.service"), TestContext.Current.CancellationToken);
        Assert.Contains($" dr create --prune --config {file}\n", service, StringComparison.Ordinal);
        Assert.Contains("data set tank/db", service, StringComparison.Ordinal);
        Assert.Contains("OnCalendar=*-*-* 03:15:00", await File.ReadAllTextAsync(Path.Combine(root, "etc/systemd/system/metis-dr-backup.timer"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Contains("/var/log/other.log {", await File.ReadAllTextAsync(Path.Combine(root, "etc/logrotate.d/metis-dr-backup"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private static IEnumerable<string> Values(string shown) => shown.Split('\n').Where(line => !line.StartsWith('#')).Select(line => line.Split("  #")[0].TrimEnd());

    private async Task<string> WriteAsync(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, text, TestContext.Current.CancellationToken);
        return path;
    }
}
