using System.Net;

namespace MetisBackup.IntegrationTests.Operations;

public sealed class SystemDatabaseTests
{
    private const string Secret = "secret";

    [Fact]
    public async Task Accounts_and_their_passwords_come_back_and_later_ones_go()
    {
        await using var lab = await Lab.StartAsync(Secret);
        await AddAsync(lab, "alice", "first");
        await lab.CallAsync(HttpMethod.Post, null, "/_api/collection", """{"name":"notes"}""");
        await lab.InsertAsync("notes", ["""{"_key":"a"}"""], "_system");
        var created = await lab.CreateAsync("_system");
        await lab.CallAsync(HttpMethod.Patch, null, "/_api/user/alice", """{"passwd":"second"}""");
        await AddAsync(lab, "mallory", "x");
        await lab.CallAsync(HttpMethod.Put, null, "/_api/collection/notes/truncate");

        var restored = await lab.RestoreAsync(created.Name);

        Assert.Equal(HttpStatusCode.OK, await LoginAsync(lab, "alice", "first"));
        Assert.Equal(HttpStatusCode.Unauthorized, await LoginAsync(lab, "alice", "second"));
        Assert.Equal(HttpStatusCode.Unauthorized, await LoginAsync(lab, "mallory", "x"));
        Assert.Equal(HttpStatusCode.OK, await LoginAsync(lab, "root", Secret));
        await lab.CallAsync(HttpMethod.Get, null, "/_api/document/notes/a");
        Assert.Contains(restored.Collections, static proof => proof.Name == "_users");
    }

    [Fact]
    public async Task Another_database_gets_everything_but_the_accounts()
    {
        await using var lab = await Lab.StartAsync(Secret);
        await lab.CallAsync(HttpMethod.Post, null, "/_api/collection", """{"name":"notes"}""");
        var created = await lab.CreateAsync("_system");

        var restored = await lab.RestoreAsync(created.Name, into: "copy");

        Assert.DoesNotContain(restored.Collections, static proof => proof.Name == "_users");
        Assert.Contains(restored.Collections, static proof => proof.Name == "notes");
    }

    [Fact]
    public async Task A_snapshot_of_another_database_does_not_touch_the_accounts()
    {
        await using var lab = await Lab.StartFilledAsync(Secret);
        await AddAsync(lab, "alice", "first");
        var created = await lab.CreateAsync();

        await lab.RestoreAsync(created.Name, into: "_system");

        Assert.Equal(HttpStatusCode.OK, await LoginAsync(lab, "alice", "first"));
        Assert.Equal(await lab.PictureAsync("shop"), (await lab.PictureAsync("_system")).Where(static line => !line.StartsWith("_users ", StringComparison.Ordinal)));
    }

    private static async Task AddAsync(Lab lab, string name, string password) =>
        await lab.CallAsync(HttpMethod.Post, null, "/_api/user", $$"""{"user":"{{name}}","passwd":"{{password}}"}""");

    private static async Task<HttpStatusCode> LoginAsync(Lab lab, string name, string password)
    {
        using var body = new StringContent($$"""{"username":"{{name}}","password":"{{password}}"}""");
        using var response = await lab.Server.Client.PostAsync(new Uri("/_open/auth", UriKind.Relative), body, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }
}
