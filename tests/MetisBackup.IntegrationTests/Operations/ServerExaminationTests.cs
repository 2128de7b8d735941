using MetisBackup.App.Operations;
using MetisBackup.App.Operations.Examining;
using MetisBackup.Core.Errors;
using MetisBackup.IntegrationTests.Arango;

namespace MetisBackup.IntegrationTests.Operations;

public sealed class ServerExaminationTests
{
    [Fact]
    public async Task An_administrator_of_a_present_server_has_no_findings()
    {
        await using var lab = await Lab.StartFilledAsync("secret");

        Assert.Empty(await ExamineAsync(lab.Settings));
    }

    [Theory]
    [InlineData("rw", (int)FindingSeverity.Note, "is no administrator")]
    [InlineData("ro", (int)FindingSeverity.Warning, "a restore is not possible")]
    public async Task Fewer_rights_are_told_with_what_they_prevent(string grant, int severity, string text)
    {
        await using var lab = await Lab.StartFilledAsync("secret");
        await lab.CallAsync(HttpMethod.Post, null, "/_api/user", """{"user":"reader","passwd":"letmein"}""");
        await lab.CallAsync(HttpMethod.Put, null, "/_api/user/reader/database/shop", $$"""{"grant":"{{grant}}"}""");
        await lab.CallAsync(HttpMethod.Put, null, "/_api/user/reader/database/shop/*", """{"grant":"ro"}""");

        var found = Assert.Single(await ExamineAsync(new ServerSettings(lab.Settings.Endpoint, "reader", "letmein")));

        Assert.Equal((FindingSeverity)severity, found.Severity);
        Assert.Contains(text, found.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_collection_that_is_hidden_from_the_account_is_a_problem()
    {
        await using var lab = await Lab.StartFilledAsync("secret");
        await lab.CallAsync(HttpMethod.Post, null, "/_api/user", """{"user":"reader","passwd":"letmein"}""");
        await lab.CallAsync(HttpMethod.Put, null, "/_api/user/reader/database/shop", """{"grant":"rw"}""");
        await lab.CallAsync(HttpMethod.Put, null, "/_api/user/reader/database/shop/*", """{"grant":"ro"}""");
        await lab.CallAsync(HttpMethod.Put, null, "/_api/user/reader/database/shop/people", """{"grant":"none"}""");

        var found = Assert.Single(await ExamineAsync(new ServerSettings(lab.Settings.Endpoint, "reader", "letmein")), static one => one.IsOpen);

        Assert.Equal(FindingSeverity.Problem, found.Severity);
        Assert.Contains("cannot read collection people", found.Text, StringComparison.Ordinal);
        Assert.Contains("grant", found.Mend, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_old_server_is_told_beside_what_it_does_not_answer()
    {
        await using var server = new ScriptedServer(static line =>
            line.Contains("/_api/version", StringComparison.Ordinal) ? ScriptedServer.Answer(200, """{"server":"arango","version":"3.7.12","license":"community"}""")
            : line.Contains("/_api/database/current", StringComparison.Ordinal) ? ScriptedServer.Answer(500, """{"error":true,"code":500,"errorNum":4,"errorMessage":"boom"}""")
            : ScriptedServer.Answer(404, "{}"));

        var found = await ExamineAsync(new ServerSettings(server.Endpoint, "", ""));

        Assert.Equal([FindingSeverity.Warning, FindingSeverity.Problem], found.Select(static one => one.Severity));
        Assert.Contains("is version 3.7.12, which keeps no revision trees", found[0].Text, StringComparison.Ordinal);
        Assert.Contains("boom", found[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_database_is_a_problem()
    {
        await using var lab = await Lab.StartAsync();

        Assert.Equal((FindingSeverity.Problem, true), Assert.Single(await ExamineAsync(lab.Settings, "nothing")) is var found ? (found.Severity, found.Text.Contains("no database 'nothing'", StringComparison.Ordinal)) : default);
    }

    [Fact]
    public async Task A_clock_that_is_off_is_told()
    {
        await using var lab = await Lab.StartFilledAsync();

        var found = (await ExamineAsync(lab.Settings, clock: new LateClock()))[0];

        Assert.Contains("3600 s ahead of", found.Text, StringComparison.Ordinal);
        Assert.Equal("timedatectl set-ntp true", found.Mend);
    }

    [Fact]
    public async Task A_wrong_password_is_an_error_for_who_asks()
    {
        await using var lab = await Lab.StartAsync("secret");

        Assert.Equal(ErrorCode.Denied, (await Assert.ThrowsAsync<MetisException>(() => ExamineAsync(new ServerSettings(lab.Settings.Endpoint, "root", "wrong")))).Code);
    }

    private static Task<IReadOnlyList<Finding>> ExamineAsync(ServerSettings server, string database = Lab.Database, TimeProvider? clock = null) =>
        new ServerExamination(() => server, database, clock ?? TimeProvider.System).RunAsync(fix: false, TestContext.Current.CancellationToken);

    /// <summary>An hour behind; its timers are real ones.</summary>
    private sealed class LateClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddHours(-1).AddSeconds(0.3);
    }
}
