using MetisBackup.App.Operations;
using MetisBackup.Core.Errors;
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

    [Theory]
    [InlineData("12345")]
    [InlineData("WYe")]
    public async Task What_no_tree_can_hold_fails_a_snapshot_but_never_blocks_the_way_back(string revision)
    {
        await using var lab = await Lab.StartFilledAsync("secret");
        var good = await lab.CreateAsync();
        await WriteAsync(lab, revision);

        var error = await Assert.ThrowsAsync<MetisException>(() => lab.CreateAsync());
        var restored = await lab.RestoreAsync(good.Name);

        Assert.Equal(ErrorCode.VerificationFailed, error.Code);
        Assert.Contains("POST /_db/shop/_api/replication/revisions/tree?collection=people", error.Hint!, StringComparison.Ordinal);
        Assert.Contains(restored.Warnings, static warning => warning.Contains("'people' is in the snapshot, but unproven", StringComparison.Ordinal));
        Assert.All(restored.Collections, static one => Assert.NotEqual(ProofKind.None, one.Proof));
        var safety = Assert.Single((await lab.ListAsync()).Snapshots, static one => one.Safety);
        Assert.Equal(["people"], safety.UnprovenCollections);
        var verdict = Assert.Single((await lab.VerifyAsync(restored.SafetySnapshot!)).Snapshots);
        Assert.Empty(verdict.Problems);
        Assert.Equal("people", Assert.Single(verdict.Unproven).Name);

        var undone = await lab.RestoreAsync(restored.SafetySnapshot!);

        Assert.Contains(undone.Warnings, static warning => warning.Contains("'people' of the snapshot was unproven", StringComparison.Ordinal));
        await lab.CallAsync(HttpMethod.Get, Lab.Database, "/_api/document/people/odd");
        await lab.CreateAsync();
    }

    private static async Task WriteAsync(Lab lab, string revision) =>
        await lab.CallAsync(HttpMethod.Post, Lab.Database, "/_api/document/people?isRestore=true&overwriteMode=replace", $$"""[{"_key":"odd","_rev":"{{revision}}"}]""");
}
