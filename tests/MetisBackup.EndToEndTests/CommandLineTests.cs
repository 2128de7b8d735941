using MetisBackup.EndToEndTests.Running;

namespace MetisBackup.EndToEndTests;

public sealed class CommandLineTests
{
    [Fact]
    public async Task Version_is_one_line()
    {
        var result = (await Metis.RunAsync("--version")).Succeeded();

        Assert.Matches(@"^\d+\.\d+\.\d+\n$", result.Out);
        Assert.Empty(result.Error);
    }

    [Theory]
    [InlineData("create")]
    [InlineData("list")]
    [InlineData("show")]
    [InlineData("verify")]
    [InlineData("status")]
    [InlineData("metrics")]
    [InlineData("doctor")]
    [InlineData("diff")]
    [InlineData("restore")]
    [InlineData("delete")]
    [InlineData("pin")]
    [InlineData("unpin")]
    [InlineData("quickstart")]
    [InlineData("devserver")]
    [InlineData("alarms")]
    public async Task Every_command_is_listed_and_has_help_of_its_own(string command)
    {
        Assert.Contains($"\n  {command}", (await Metis.RunAsync("--help")).Succeeded().Out, StringComparison.Ordinal);

        var help = (await Metis.RunAsync(command, "--help")).Succeeded();

        Assert.Contains($"metis-backup {command}", help.Out, StringComparison.Ordinal);
        Assert.Contains("--json", help.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Required command", "--help")]
    [InlineData("Unknown command 'crate'", "create", "crate", "x")]
    [InlineData("Unknown option '--databse'", "--database", "create", "x", "--databse", "y")]
    [InlineData("Unknown argument 'y'", "create --help", "create", "x", "y")]
    [InlineData("missing", "show --help", "show")]
    [InlineData("No snapshot was named", "--all", "verify")]
    [InlineData("needs to know the collection", "--collection", "diff", "x", "--key", "k")]
    [InlineData("--limit 0", "give a limit", "diff", "x", "--limit", "0", "--documents")]
    [InlineData("a number from 0 to 100000", "--limit 0", "diff", "x", "--limit", "-1")]
    [InlineData("two snapshots are compared", "leave it out", "diff", "x", "y", "--database", "z")]
    [InlineData("together with --all", "one of both", "verify", "x", "--all")]
    public async Task A_line_that_cannot_be_understood_ends_with_2_and_says_what_was_meant(string sentence, string hint, params string[] arguments)
    {
        var result = (await Metis.RunAsync(arguments)).Failed(2, sentence, hint);

        Assert.Contains("hint: ", result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Out);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("\n\t")]
    public async Task An_empty_description_is_refused(string description) =>
        (await Metis.RunAsync("create", description)).Failed(2, "description is empty", "hint: ");

    [Fact]
    public async Task A_description_may_begin_with_an_at_sign()
    {
        // nothing listens there: the description was accepted when the server is missed
        (await Metis.RunAsync("create", "@home", "--endpoint", "http://127.0.0.1:1", "--store", "/tmp/metis-none")).Failed(16);
    }

    [Theory]
    [InlineData("--password=geheim", "list")]
    [InlineData("list", "--password", "geheim")]
    [InlineData("list", "--passwort=geheim", "x")]
    [InlineData("create", "x", "--endpoint", "http://root:geheim@127.0.0.1:1")]
    public async Task A_password_on_the_command_line_is_refused_and_not_repeated(params string[] arguments)
    {
        var result = (await Metis.RunAsync(arguments)).Failed(2);

        Assert.DoesNotContain("geheim", result.Error + result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_file_that_cannot_be_read_is_named() =>
        (await Metis.RunAsync("create", "x", "--password-file", "/nowhere/password")).Failed(2, "/nowhere/password");

    [Fact]
    public async Task With_json_an_error_is_one_document_on_standard_output()
    {
        var result = (await Metis.RunAsync("create", "", "--json")).Failed(2);

        Golden.GoldenFile.Matches("error.json", result.Out);
    }

    [Fact]
    public async Task With_json_a_line_that_cannot_be_understood_is_a_document_too()
    {
        var result = (await Metis.RunAsync("list", "--json", "--nope")).Failed(2);

        Assert.Equal(2, result.Json.GetProperty("error").GetProperty("code").GetInt32());
    }

    [Theory]
    [InlineData("--json")]
    [InlineData("crate", "--json")]
    [InlineData("--password=geheim", "list", "--json")]
    public async Task With_json_an_error_of_a_line_without_a_command_names_none(params string[] arguments) =>
        Assert.Equal(System.Text.Json.JsonValueKind.Null, (await Metis.RunAsync(arguments)).Failed(2).Json.GetProperty("command").ValueKind);

    [Theory]
    [InlineData("dr list", "dr", "list", "--nope", "--json")]
    [InlineData("dr create", "dr", "create", "--dataset", "-r", "--json")]
    [InlineData("config show", "config", "show", "--config", "/nowhere", "--json")]
    [InlineData("list", "list", "--nope", "--json")]
    public async Task With_json_an_error_names_the_command_as_a_success_does(string command, params string[] arguments) =>
        Assert.Equal(command, (await Metis.RunAsync(arguments)).Json.GetProperty("command").GetString());

    [Fact]
    public async Task What_may_stand_there_is_told_on_one_line() =>
        (await Metis.RunAsync("doctor", "--only", "bogus")).Failed(2, "Must be one of: 'server', 'store',");

    [Fact]
    public async Task A_server_on_all_addresses_needs_a_password() =>
        (await Metis.RunAsync("devserver", "--data", "/tmp/metis-none", "--listen", "http://0.0.0.0:0")).Failed(15, "0.0.0.0", "--password-file");
}
