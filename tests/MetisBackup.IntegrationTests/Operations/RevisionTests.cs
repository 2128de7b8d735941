using MetisBackup.Core.Revisions;

namespace MetisBackup.IntegrationTests.Operations;

public sealed class RevisionTests
{
    [Fact]
    public async Task Revisions_of_the_future_move_the_clock_of_a_server_that_knows_its_callers()
    {
        await using var lab = await Lab.StartFilledAsync("secret");
        var future = new RevisionId((ulong)(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() + 86_400_000) << 20).ToRev();
        await WriteAsync(lab, future);
        await lab.CreateAsync();

        var restored = await lab.RestoreAsync(into: "copy");

        Assert.True(restored.RevisionsKept);
        var fresh = (await lab.CallAsync(HttpMethod.Post, "copy", "/_api/document/people", """{"_key":"fresh"}""")).GetProperty("_rev").GetString();
        Assert.True(RevisionId.ParseRev(fresh) > RevisionId.ParseRev(future));
    }

    [Fact]
    public async Task Revisions_of_the_future_are_not_given_to_a_server_without_accounts()
    {
        await using var lab = await Lab.StartFilledAsync();
        await WriteAsync(lab, new RevisionId((ulong)(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() + 86_400_000) << 20).ToRev());
        await lab.CreateAsync();

        var restored = await lab.RestoreAsync(into: "copy");

        Assert.False(restored.RevisionsKept);
        Assert.Contains(restored.Warnings, static warning => warning.Contains("people", StringComparison.Ordinal));
        await lab.CallAsync(HttpMethod.Get, "copy", "/_api/document/people/odd");
    }

    [Fact]
    public async Task Revisions_that_are_ticks_are_not_given_to_a_collection_with_a_tree()
    {
        await using var lab = await Lab.StartFilledAsync("secret");
        await lab.CallAsync(HttpMethod.Put, Lab.Database, "/_api/replication/restore-collection?overwrite=true", """{"parameters":{"name":"old","type":2,"syncByRevision":false,"usesRevisionsAsDocumentIds":false},"indexes":[]}""");
        await lab.CallAsync(HttpMethod.Post, Lab.Database, "/_api/document/old?isRestore=true&overwriteMode=replace", """[{"_key":"a","_rev":"12345"}]""");
        var created = await lab.CreateAsync();

        var restored = await lab.RestoreAsync(into: "copy");

        Assert.Equal(1, created.Collections.Single(static one => one.Name == "old").Documents);
        Assert.False(restored.RevisionsKept);
        await lab.CallAsync(HttpMethod.Get, "copy", "/_api/document/old/a");
    }

    private static async Task WriteAsync(Lab lab, string revision) =>
        await lab.CallAsync(HttpMethod.Post, Lab.Database, "/_api/document/people?isRestore=true&overwriteMode=replace", $$"""[{"_key":"odd","_rev":"{{revision}}"}]""");
}
