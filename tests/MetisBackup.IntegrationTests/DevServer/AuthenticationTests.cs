using System.Text;

namespace MetisBackup.IntegrationTests.DevServer;

/// <summary>Who may pass, by password and by token (arangodb-protocol 1.4).</summary>
public sealed class AuthenticationTests
{
    [Fact]
    public async Task Without_a_password_everybody_may_do_everything_and_there_are_no_tokens()
    {
        await using var server = await DevServerFixture.StartAsync();

        Assert.Equal(200, (await server.Client.CallAsync("GET /_api/version", null, Basic("root", "wrong"))).Status);
        Assert.Equal(404, (await server.Client.CallAsync("POST /_open/auth", """{"username":"root","password":""}""")).Status);
    }

    [Fact]
    public async Task With_a_password_requests_need_credentials()
    {
        await using var server = await DevServerFixture.StartAsync("s3cret");

        var refused = await server.Client.CallAsync("GET /_api/version");
        Assert.Equal((401, 11), (refused.Status, refused.ErrorNumber));
        Assert.Contains("Basic", refused.Header("WWW-Authenticate"), StringComparison.Ordinal);
        Assert.Contains("Bearer", refused.Header("WWW-Authenticate"), StringComparison.Ordinal);
        var silent = await server.Client.CallAsync("GET /_api/version", null, ("X-Omit-Www-Authenticate", "1"));
        Assert.Null(silent.Header("WWW-Authenticate"));

        Assert.Equal(401, (await server.Client.CallAsync("GET /_api/version", null, Basic("root", "wrong"))).Status);
        Assert.Equal(401, (await server.Client.CallAsync("GET /_api/version", null, ("Authorization", "Basic ???"))).Status);
        Assert.Equal(200, (await server.Client.CallAsync("GET /_api/version", null, Basic("root", "s3cret"))).Status);
        Assert.Equal(200, (await server.Client.CallAsync("GET /_admin/server/availability")).Status);
    }

    [Fact]
    public async Task The_options_are_told_to_superusers_alone_and_in_the_system_database_alone()
    {
        await using var open = await DevServerFixture.StartAsync();
        var told = await open.Client.CallAsync("GET /_admin/options");
        Assert.Equal(200, told.Status);
        Assert.True(Path.IsPathRooted(told["database.directory"].GetString()));
        Assert.Equal("", told["rocksdb.wal-directory"].GetString());
        Assert.Equal(201, (await open.Client.CallAsync("POST /_api/database", """{"name":"shop"}""")).Status);
        var elsewhere = await open.Client.CallAsync("GET /_db/shop/_admin/options");
        Assert.Equal((403, 1230), (elsewhere.Status, elsewhere.ErrorNumber));

        await using var server = await DevServerFixture.StartAsync("s3cret");
        var refused = await server.Client.CallAsync("GET /_admin/options", null, Basic("root", "s3cret"));
        Assert.Equal((403, 11), (refused.Status, refused.ErrorNumber));
    }

    [Fact]
    public async Task A_token_opens_the_door_for_an_hour()
    {
        var time = new ManualTime();
        await using var server = await DevServerFixture.StartAsync("s3cret", time);
        Assert.Equal(401, (await server.Client.CallAsync("POST /_open/auth", """{"username":"root","password":"wrong"}""")).Status);
        Assert.Equal(400, (await server.Client.CallAsync("POST /_open/auth", """{"username":"root"}""")).Status);

        var answer = await server.Client.CallAsync("POST /_open/auth", """{"username":"root","password":"s3cret"}""");
        var token = answer["jwt"].GetString()!;

        Assert.Equal(200, (await server.Client.CallAsync("GET /_api/version", null, ("Authorization", $"bearer {token}"))).Status);
        Assert.Equal(401, (await server.Client.CallAsync("GET /_api/version", null, ("Authorization", $"bearer {token[..^2]}"))).Status);
        time.Advance(TimeSpan.FromMinutes(61));
        Assert.Equal(401, (await server.Client.CallAsync("GET /_api/version", null, ("Authorization", $"Bearer {token}"))).Status);
    }

    [Fact]
    public async Task Rights_decide_over_databases_and_collections()
    {
        await using var server = await DevServerFixture.StartAsync("s3cret");
        var (root, alice) = (Basic("root", "s3cret"), Basic("alice", "pw"));
        Assert.Equal(201, (await server.Client.CallAsync("POST /_api/database", """{"name":"shop"}""", root)).Status);
        Assert.Equal(201, (await server.Client.CallAsync("POST /_api/user", """{"user":"alice","passwd":"pw"}""", root)).Status);
        foreach (var name in (string[])["open", "readable", "closed"])
        {
            Assert.Equal(200, (await server.Client.CallAsync("POST /_db/shop/_api/collection", $$"""{"name":"{{name}}"}""", root)).Status);
        }

        Assert.Equal(401, (await server.Client.CallAsync("GET /_db/shop/_api/collection", null, alice)).Status);
        Assert.Equal(401, (await server.Client.CallAsync("GET /_db/none/_api/collection", null, alice)).Status);
        await GrantAsync("shop", "ro");
        await GrantAsync("shop/open", "rw");
        await GrantAsync("shop/readable", "ro");
        await GrantAsync("shop/closed", "none");

        var listed = await server.Client.CallAsync("GET /_db/shop/_api/collection?excludeSystem=true", null, alice);
        Assert.Equal(["open", "readable"], listed["result"].EnumerateArray().Select(c => c.GetProperty("name").GetString()));
        Assert.Equal(202, (await server.Client.CallAsync("POST /_db/shop/_api/document/open", "{}", alice)).Status);
        var readOnly = await server.Client.CallAsync("POST /_db/shop/_api/document/readable", "{}", alice);
        Assert.Equal((403, 1004), (readOnly.Status, readOnly.ErrorNumber));
        Assert.Equal(200, (await server.Client.CallAsync("GET /_db/shop/_api/collection/readable/count", null, alice)).Status);
        var closed = await server.Client.CallAsync("GET /_db/shop/_api/collection/closed/count", null, alice);
        Assert.Equal((403, 11), (closed.Status, closed.ErrorNumber));
        Assert.Equal(403, (await server.Client.CallAsync("POST /_db/shop/_api/collection", """{"name":"more"}""", alice)).Status);

        async Task GrantAsync(string what, string level) => Assert.Equal(
            200, (await server.Client.CallAsync($"PUT /_api/user/alice/database/{what}", $$"""{"grant":"{{level}}"}""", root)).Status);
    }

    [Fact]
    public async Task An_access_token_stands_in_for_the_password_until_its_time_is_over()
    {
        var time = new ManualTime();
        await using var server = await DevServerFixture.StartAsync("s3cret", time);
        var until = time.GetUtcNow().AddMinutes(10).ToUnixTimeSeconds();
        var made = await server.Client.CallAsync("POST /_api/token/root", $$"""{"name":"t","valid_until":{{until}}}""", Basic("root", "s3cret"));
        Assert.Equal((200, 1L, true), (made.Status, made["id"].GetInt64(), made["active"].GetBoolean()));
        var token = made["token"].GetString()!;
        Assert.EndsWith(made["fingerprint"].GetString()![^6..], token, StringComparison.Ordinal);

        Assert.Equal(200, (await server.Client.CallAsync("GET /_api/version", null, Basic("", token))).Status);
        Assert.Equal(200, (await server.Client.CallAsync("GET /_api/version", null, Basic("root", token))).Status);
        Assert.Equal(401, (await server.Client.CallAsync("GET /_api/version", null, Basic("somebody", token))).Status);
        Assert.Equal(401, (await server.Client.CallAsync("GET /_api/version", null, Basic("", token[..^2] + "00"))).Status);
        Assert.Equal(200, (await server.Client.CallAsync("POST /_open/auth", $$"""{"password":"{{token}}"}""")).Status);
        var listed = await server.Client.CallAsync("GET /_api/token/root", null, Basic("", token));
        Assert.False(listed["tokens"][0].TryGetProperty("token", out _));

        time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(401, (await server.Client.CallAsync("GET /_api/version", null, Basic("root", token))).Status);
        Assert.Equal(200, (await server.Client.CallAsync("DELETE /_api/token/root/1", null, Basic("root", "s3cret"))).Status);
        Assert.Equal(404, (await server.Client.CallAsync("DELETE /_api/token/root/1", null, Basic("root", "s3cret"))).Status);
    }

    private static (string Name, string Value) Basic(string user, string password) =>
        ("Authorization", $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"))}");

    private sealed class ManualTime : TimeProvider
    {
        private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => _now;

        public void Advance(TimeSpan time) => _now += time;
    }
}
