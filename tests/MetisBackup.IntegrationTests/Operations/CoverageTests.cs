using MetisBackup.App.Operations;
using MetisBackup.Core.Errors;

namespace MetisBackup.IntegrationTests.Operations;

public sealed class CoverageTests
{
    private const string Secret = "secret";

    [Fact]
    public async Task A_collection_without_rights_is_a_gap_that_is_named()
    {
        await using var lab = await Lab.StartFilledAsync(Secret);
        var reader = await AddUserAsync(lab, "ro");
        await lab.CallAsync(HttpMethod.Put, null, "/_api/user/reader/database/shop/people", """{"grant":"none"}""");

        var error = await Assert.ThrowsAsync<MetisException>(() => lab.CreateAsync(server: reader));

        Assert.Equal(ErrorCode.CoverageGap, error.Code);
        Assert.Contains("people", error.Message, StringComparison.Ordinal);
        Assert.Contains("/_api/user/reader/database/shop/", error.Hint!, StringComparison.Ordinal);
        Assert.Empty((await lab.ListAsync()).Snapshots);
    }

    [Fact]
    public async Task An_administrator_reads_even_what_nobody_granted()
    {
        await using var lab = await Lab.StartFilledAsync(Secret);
        var admin = await AddUserAsync(lab, "none");
        await lab.CallAsync(HttpMethod.Put, null, "/_api/user/reader/database/_system", """{"grant":"rw"}""");
        await lab.CallAsync(HttpMethod.Put, null, "/_api/user/reader/database/shop", """{"grant":"ro"}""");

        var created = await lab.CreateAsync(server: admin);

        Assert.Equal(Lab.Products, created.Collections.Single(static one => one.Name == "products").Documents);
    }

    [Fact]
    public async Task An_account_that_may_read_everything_is_enough()
    {
        await using var lab = await Lab.StartFilledAsync(Secret);
        var reader = await AddUserAsync(lab, "ro");

        var created = await lab.CreateAsync(server: reader);

        Assert.Equal(Lab.Products, created.Collections.Single(static one => one.Name == "products").Documents);
    }

    [Fact]
    public async Task An_account_without_the_database_is_denied()
    {
        await using var lab = await Lab.StartFilledAsync(Secret);
        var reader = await AddUserAsync(lab, "none");

        var error = await Assert.ThrowsAsync<MetisException>(() => lab.CreateAsync(server: reader));

        Assert.Equal(ErrorCode.Denied, error.Code);
    }

    [Fact]
    public async Task Only_administrators_may_restore()
    {
        await using var lab = await Lab.StartFilledAsync(Secret);
        var writer = await AddUserAsync(lab, "rw");
        await lab.CreateAsync();
        var before = await lab.PictureAsync();

        var error = await Assert.ThrowsAsync<MetisException>(() => new RestoreDatabase(lab.Clock, lab.Progress).RunAsync(
            new RestoreDatabaseRequest { Server = writer, StorePath = lab.Store, Name = "latest", Approve = static (_, _) => ValueTask.FromResult(true) },
            TestContext.Current.CancellationToken));

        Assert.Equal(ErrorCode.Denied, error.Code);
        Assert.Equal(before, await lab.PictureAsync());
        Assert.Single((await lab.ListAsync()).Snapshots);
    }

    private static async Task<ServerSettings> AddUserAsync(Lab lab, string grant)
    {
        await lab.CallAsync(HttpMethod.Post, null, "/_api/user", """{"user":"reader","passwd":"letmein"}""");
        await lab.CallAsync(HttpMethod.Put, null, "/_api/user/reader/database/shop", $$"""{"grant":"{{grant}}"}""");
        await lab.CallAsync(HttpMethod.Put, null, "/_api/user/reader/database/shop/*", $$"""{"grant":"{{grant}}"}""");
        return new ServerSettings(lab.Settings.Endpoint, "reader", "letmein");
    }
}
