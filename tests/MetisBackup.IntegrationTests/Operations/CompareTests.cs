using MetisBackup.App.Operations;
using MetisBackup.App.Operations.Comparing;
using MetisBackup.Core.Comparing;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Planning;

namespace MetisBackup.IntegrationTests.Operations;

public sealed class CompareTests
{
    [Fact]
    public async Task Nothing_differs_right_after_a_snapshot_and_every_collection_costs_one_request()
    {
        await using var lab = await Lab.StartFilledAsync();
        await lab.CreateAsync();

        var result = await CompareAsync(lab);

        Assert.True(result.Equal);
        Assert.All(result.Collections.Where(static one => one.Name[0] != '_'), static one => Assert.Equal(ComparisonMethod.Revision, one.Method));
        Assert.Contains(result.Collections, static one => one is { Name: "products", DocumentsBefore: Lab.Products, DocumentsAfter: Lab.Products });
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public async Task An_experiment_is_told_in_full_from_the_live_database_and_from_a_snapshot_of_it(bool live, bool byContent)
    {
        await using var lab = await Lab.StartFilledAsync();
        var before = await lab.CreateAsync();
        await lab.ExperimentAsync();
        var after = await lab.CreateAsync();

        var result = await CompareAsync(lab, new() { Before = before.Name, After = live ? null : after.Name, Keys = true, ByContent = byContent });

        Assert.False(result.Equal);
        var products = result.Collections.Single(static one => one.Name == "products");
        Assert.Equal((1L, 1L, 3L), (products.Added, products.Changed, products.Removed));
        Assert.Equal(
            [new(ChangeKind.Added, "new"), new(ChangeKind.Removed, "p1"), new(ChangeKind.Removed, "p2"), new(ChangeKind.Removed, "p3"), new(ChangeKind.Changed, "p4")],
            products.Keys);
        Assert.Equal((Lab.Products, Lab.Products - 2), (products.DocumentsBefore, products.DocumentsAfter));
        Assert.Contains(products.Definitions, static one => one is { IsIndex: true, Kind: ChangeKind.Removed, Name: "by_sku" });
        Assert.Contains(products.Definitions, static one => one is { IsIndex: false, Name: "schema" });
        Assert.Equal(2, products.Definitions.Count);
        Assert.Equal(ChangeKind.Added, result.Collections.Single(static one => one.Name == "experiment").Existence);
        Assert.Equal(ChangeKind.Removed, result.Collections.Single(static one => one.Name == "empty").Existence);
        Assert.True(result.Collections.Single(static one => one.Name == "people").IsEqual);
        Assert.Equal(
            [
                new(ChangeKind.Removed, RestoreObject.View, "alias"), new(ChangeKind.Added, RestoreObject.View, "empty"), new(ChangeKind.Added, RestoreObject.Graph, "odd"),
                new(ChangeKind.Removed, RestoreObject.Graph, "sales"), new(ChangeKind.Removed, RestoreObject.Function, "SHOP::TWICE"),
            ],
            result.Objects.Select(static one => one with { Name = one.What == RestoreObject.Function ? one.Name.ToUpperInvariant() : one.Name }));
    }

    [Fact]
    public async Task What_a_restore_brought_back_does_not_differ()
    {
        await using var lab = await Lab.StartFilledAsync();
        var created = await lab.CreateAsync();
        await lab.ExperimentAsync();
        await lab.RestoreAsync(created.Name);

        Assert.True((await CompareAsync(lab, new() { Before = created.Name })).Equal);
    }

    [Fact]
    public async Task A_copy_under_another_name_does_not_differ_from_its_snapshot()
    {
        await using var lab = await Lab.StartFilledAsync();
        var created = await lab.CreateAsync();
        await lab.RestoreAsync(created.Name, into: "copy");

        var result = await CompareAsync(lab, new() { Before = created.Name, Database = "copy" });

        Assert.True(result.Equal, string.Join("; ", result.Collections.SelectMany(static one => one.Definitions.Select(change => $"{one.Name} {change}"))) + string.Join("; ", result.Objects));
        Assert.Equal("copy", result.After.Database);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public async Task A_changed_document_is_shown_field_by_field(bool live, bool byContent)
    {
        await using var lab = await Lab.StartFilledAsync();
        var before = await lab.CreateAsync();
        await lab.CallAsync(HttpMethod.Patch, Lab.Database, "/_api/document/products/p4", """{"sku":-4,"fresh":[1,2],"nested":{"_key":"x"}}""");
        await lab.CallAsync(HttpMethod.Delete, Lab.Database, "/_api/document/products/p5");
        var after = await lab.CreateAsync();

        var result = await CompareAsync(lab, new() { Before = before.Name, After = live ? null : after.Name, Collections = ["products"], Key = "p4", ByContent = byContent });

        var document = Assert.Single(Assert.Single(result.Collections).Documents);
        Assert.Equal(ChangeKind.Changed, document.Kind);
        Assert.Equal(
            ["sku Changed 4 -4", "nested._key Changed \"nor this\" \"x\"", "fresh Added  [1,2]"],
            document.Fields.Shown.Select(static one => $"{string.Join('.', one.Path)} {one.Kind} {one.Before?.Json} {one.After?.Json}"));

        var all = await CompareAsync(lab, new() { Before = before.Name, After = live ? null : after.Name, Documents = true, ByContent = byContent });
        Assert.Equal(["p4", "p5"], all.Collections.Single(static one => one.Name == "products").Documents.Select(static one => one.Key));

        var same = await CompareAsync(lab, new() { Before = before.Name, After = live ? null : after.Name, Collections = ["products"], Key = "p6", ByContent = byContent });
        Assert.Null(Assert.Single(Assert.Single(same.Collections).Documents).Kind);
    }

    [Fact]
    public async Task A_document_that_was_only_written_differs_by_revision_and_not_by_content()
    {
        await using var lab = await Lab.StartFilledAsync();
        await lab.CreateAsync();
        await lab.CallAsync(HttpMethod.Patch, Lab.Database, "/_api/document/people/u1", """{"n":1}""");

        Assert.Equal(1, (await CompareAsync(lab)).Collections.Single(static one => one.Name == "people").Changed);
        Assert.Empty((await CompareAsync(lab, new() { Documents = true })).Collections.Single(static one => one.Name == "people").Documents[0].Fields.Shown);
        Assert.True((await CompareAsync(lab, new() { ByContent = true })).Equal);
    }

    [Fact]
    public async Task A_collection_without_a_tree_is_compared_by_content()
    {
        await using var lab = await Lab.StartFilledAsync();
        await lab.CallAsync(HttpMethod.Put, Lab.Database, "/_api/replication/restore-collection?overwrite=true", """{"parameters":{"name":"old","type":2,"syncByRevision":false,"usesRevisionsAsDocumentIds":false},"indexes":[]}""");
        await lab.InsertAsync("old", ["""{"_key":"a","x":1}""", """{"_key":"b"}""", """{"_key":"c"}"""]);
        var before = await lab.CreateAsync();
        await lab.CallAsync(HttpMethod.Patch, Lab.Database, "/_api/document/old/a", """{"x":2}""");
        await lab.CallAsync(HttpMethod.Delete, Lab.Database, "/_api/document/old/b");
        await lab.InsertAsync("old", ["""{"_key":"d"}"""]);
        var after = await lab.CreateAsync();

        foreach (var name in new[] { null, after.Name })
        {
            var old = (await CompareAsync(lab, new() { Before = before.Name, After = name, Documents = true })).Collections.Single(static one => one.Name == "old");

            Assert.Equal(ComparisonMethod.Content, old.Method);
            Assert.Equal((1L, 1L, 1L, 3L), (old.Added, old.Changed, old.Removed, old.DocumentsAfter));
            Assert.Equal("2", old.Documents.Single(static one => one.Key == "a").Fields.Shown[0].After!.Json);
        }
    }

    [Fact]
    public async Task A_collection_made_anew_under_its_old_name_is_compared_document_by_document()
    {
        await using var lab = await Lab.StartFilledAsync();
        await lab.CreateAsync();
        await lab.CallAsync(HttpMethod.Delete, Lab.Database, "/_api/collection/empty");
        await lab.CallAsync(HttpMethod.Post, Lab.Database, "/_api/collection", """{"name":"empty"}""");
        await lab.InsertAsync("empty", ["""{"_key":"a"}"""]);
        await lab.CallAsync(HttpMethod.Put, Lab.Database, "/_api/collection/people/truncate");

        var result = await CompareAsync(lab);

        Assert.Equal(1, result.Collections.Single(static one => one.Name == "empty").Added);
        Assert.Equal(50, result.Collections.Single(static one => one.Name == "people").Removed);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public async Task A_renamed_collection_is_told_as_renamed_and_its_documents_are_compared(bool live, bool byContent)
    {
        await using var lab = await Lab.StartFilledAsync();
        var before = await lab.CreateAsync();
        await lab.CallAsync(HttpMethod.Put, Lab.Database, "/_api/collection/people/rename", """{"name":"persons"}""");
        await lab.InsertAsync("persons", ["""{"_key":"new"}"""]);
        var after = await lab.CreateAsync();

        var result = await CompareAsync(lab, new() { Before = before.Name, After = live ? null : after.Name, Keys = true, ByContent = byContent });

        var persons = result.Collections.Single(static one => one.Name == "persons");
        Assert.Equal(("people", null, 1L, 0L, 0L), (persons.RenamedFrom, persons.Existence, persons.Added, persons.Changed, persons.Removed));
        Assert.Equal([new(ChangeKind.Added, "new")], persons.Keys);
        Assert.DoesNotContain(result.Collections, static one => one.Name == "people");
        Assert.Single((await CompareAsync(lab, new() { Before = before.Name, Collections = ["people"] })).Collections, static one => one.Name == "persons");
    }

    [Fact]
    public async Task Every_key_is_told_but_only_a_few_are_kept()
    {
        await using var lab = await Lab.StartFilledAsync();
        await lab.CreateAsync();
        await lab.CallAsync(HttpMethod.Put, Lab.Database, "/_api/collection/products/truncate");
        var told = new List<string>();

        var result = await CompareAsync(lab, new() { Keys = true, Limit = 2, OnKey = (_, change) => told.Add(change.Key) });

        var products = result.Collections.Single(static one => one.Name == "products");
        Assert.Equal((2, Lab.Products - 2L), (products.Keys.Count, products.MoreKeys));
        Assert.Equal(Lab.Products, told.Count);
        Assert.Equal(told.Order(StringComparer.Ordinal), told);
    }

    [Fact]
    public async Task What_neither_state_has_is_said()
    {
        await using var lab = await Lab.StartFilledAsync();
        await lab.CreateAsync();

        var collection = await Assert.ThrowsAsync<MetisException>(() => CompareAsync(lab, new() { Collections = ["nope"] }));
        var key = await Assert.ThrowsAsync<MetisException>(() => CompareAsync(lab, new() { Collections = ["people"], Key = "nope" }));
        var database = await Assert.ThrowsAsync<MetisException>(() => CompareAsync(lab, new() { Database = "nope" }));

        Assert.All([collection, key, database], static error => Assert.Equal(ErrorCode.NotFound, error.Code));
    }

    private static Task<CompareSnapshotsResult> CompareAsync(Lab lab, Comparison? wish = null)
    {
        wish ??= new();
        return new CompareSnapshots(lab.Clock, lab.Progress).RunAsync(
            new CompareSnapshotsRequest
            {
                StorePath = lab.Store,
                Before = wish.Before,
                After = wish.After,
                Server = wish.After is null ? () => lab.Settings : static () => throw new InvalidOperationException("Two snapshots need no server."),
                Database = wish.Database,
                Collections = wish.Collections,
                ByContent = wish.ByContent,
                Keys = wish.Keys,
                Documents = wish.Documents,
                Key = wish.Key,
                Limit = wish.Limit,
                OnKey = wish.OnKey,
            },
            TestContext.Current.CancellationToken);
    }

    private sealed record Comparison
    {
        public string Before { get; init; } = "latest";

        public string? After { get; init; }

        public string? Database { get; init; }

        public IReadOnlyList<string> Collections { get; init; } = [];

        public bool ByContent { get; init; }

        public bool Keys { get; init; }

        public bool Documents { get; init; }

        public string? Key { get; init; }

        public int Limit { get; init; } = 10;

        public Action<string, KeyChange>? OnKey { get; init; }
    }
}
