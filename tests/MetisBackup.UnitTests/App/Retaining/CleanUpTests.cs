using MetisBackup.App.Operations;
using MetisBackup.App.Operations.Retaining;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Retention;
using MetisBackup.Core.Snapshots;
using MetisBackup.Storage.Store;
using MetisBackup.UnitTests.Storage.Store;

namespace MetisBackup.UnitTests.App.Retaining;

/// <summary>Retention of a real store: real folders, a clock that only moves when told.</summary>
public sealed class CleanUpTests : IDisposable
{
    private readonly StoreFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task A_year_of_nights_and_experiments_leaves_the_last_ten_thirteen_weeks_and_every_baseline_of_the_last_burst()
    {
        for (var day = 0; day < 100; day++)
        {
            await CreateAsync("db", "Nightly");
            if (day % 30 == 29)
            {
                for (var minute = 0; minute < 12; minute++)
                {
                    _fixture.Clock.Step(TimeSpan.FromMinutes(1));
                    await CreateAsync("db", $"Experiment {minute}");
                }
            }

            await CleanUpAsync(RetentionPolicy.Operational);
            _fixture.Clock.Step(TimeSpan.FromDays(1) - (_fixture.Clock.GetUtcNow().TimeOfDay - TimeSpan.FromHours(2)));
        }

        var left = _fixture.Store.List("db");
        var days = left.Select(entry => (_fixture.Clock.GetUtcNow() - entry.CreatedAt).TotalDays).ToList();
        Assert.InRange(left.Count, 21, 30);
        Assert.Equal(Enumerable.Range(1, 9).Select(day => (double)day), days.Where(day => day < 10 && double.IsInteger(day)).Take(9));
        Assert.Equal(13, left.Select(entry => System.Globalization.ISOWeek.GetWeekOfYear(entry.CreatedAt.UtcDateTime)).Distinct().Count());
        Assert.Empty((await CleanUpAsync(RetentionPolicy.Operational)).Removed);
    }

    [Fact]
    public async Task Each_database_has_its_own_rules_and_its_own_newest()
    {
        for (var i = 0; i < 4; i++)
        {
            await CreateAsync("papers", "p");
            await CreateAsync("other", "o");
            _fixture.Clock.Step(TimeSpan.FromDays(1));
        }

        var rules = Rules(new RetentionPolicy { Last = 3 }) with { Own = new Dictionary<RetentionSubject, RetentionPolicy> { [new("papers", "here:8529")] = new() { Last = 1 } } };
        var result = await new CleanUpSnapshots(_fixture.Clock).RunAsync(new CleanUpSnapshotsRequest { StorePath = _fixture.Path, Rules = rules }, StoreFixture.Token);

        Assert.Equal([("other", "keep the last 3", 1), ("papers", "keep the last 1", 3)], result.Series.Select(one => (one.Database!, one.Policy, one.Items.Count(item => item.Outcome == PruneOutcome.Removed))));
        Assert.Equal((1, 3), (_fixture.Store.List("papers").Count, _fixture.Store.List("other").Count));
        Assert.True(result.FreedBytes > 0);
    }

    [Fact]
    public async Task What_must_stay_stays_and_says_why()
    {
        var permanent = await CreateAsync("db", "permanent", new SnapshotMetadata { Permanent = true });
        var pinned = await CreateAsync("db", "pinned");
        _fixture.Store.SetPermanent(pinned, permanent: true, "for the paper", _fixture.Clock.GetUtcNow().AddDays(30));
        var damaged = await CreateAsync("db", "damaged");
        File.Delete(Path.Combine(damaged.Path, "manifest.json"));
        var newer = await CreateAsync("db", "newer");
        await File.WriteAllTextAsync(Path.Combine(newer.Path, "metadata.json"), (await File.ReadAllTextAsync(Path.Combine(newer.Path, "metadata.json"), StoreFixture.Token)).Replace("\"schema\": 2", "\"schema\": 9", StringComparison.Ordinal), StoreFixture.Token);
        await CreateAsync("db", "victim");
        _fixture.Clock.Step(TimeSpan.FromDays(1));
        await CreateAsync("db", "newest");

        var items = Assert.Single((await CleanUpAsync(new RetentionPolicy { Last = 1 })).Series).Items.ToDictionary(item => item.Name.Split('_')[^1], StringComparer.Ordinal);

        Assert.Equal("permanent", items["permanent"].Reason);
        Assert.Matches("^pinned until 2026-12-23 02:00 UTC: for the paper$", items["pinned"].Reason);
        Assert.StartsWith("damaged", items["damaged"].Reason, StringComparison.Ordinal);
        Assert.Contains("newer version", items["newer"].Reason, StringComparison.Ordinal);
        Assert.Equal(PruneOutcome.Removed, items["victim"].Outcome);
        Assert.False(Directory.Exists(Path.Combine(_fixture.Path, items["victim"].Name)));
        Assert.DoesNotContain(_fixture.Folders(), name => name.StartsWith('.'));

        _fixture.Clock.Step(TimeSpan.FromDays(31));
        Assert.False(_fixture.Store.Find(pinned.Name).Permanent);
        Assert.Equal([pinned.Name], (await CleanUpAsync(new RetentionPolicy { Last = 1 })).Removed.Select(item => item.Name));
        Assert.Equal(permanent.Name, _fixture.Store.Find(permanent.Name).Name);
    }

    [Fact]
    public async Task States_before_restores_go_after_thirty_days_except_the_newest_and_never_displace_others()
    {
        await CreateAsync("db", "good");
        for (var i = 0; i < 3; i++)
        {
            await CreateAsync("db", $"before restore {i}", new SnapshotMetadata { Safety = true });
            _fixture.Clock.Step(TimeSpan.FromDays(40));
        }

        var result = await CleanUpAsync(new RetentionPolicy { Last = 1 });

        Assert.Equal([false, true], result.Series.Select(one => one.IsSafety));
        Assert.Equal(["good", "before restore 2"], _fixture.Store.List("db").Reverse().Select(entry => entry.Metadata!.Description));
    }

    [Fact]
    public async Task What_somebody_reads_is_left_and_told_of()
    {
        var first = await CreateAsync("db", "first");
        _fixture.Clock.Step(TimeSpan.FromDays(1));
        await CreateAsync("db", "second");
        using var reader = _fixture.Store.OpenReader(first);

        var result = await CleanUpAsync(new RetentionPolicy { Last = 1 });

        Assert.True(result.Incomplete);
        Assert.Contains(first.Name, Assert.Single(result.Obstacles), StringComparison.Ordinal);
        Assert.Equal(2, _fixture.Store.List("db").Count);
    }

    [Fact]
    public async Task A_copy_of_a_snapshot_under_another_name_is_one_of_its_own()
    {
        var first = await CreateAsync("db", "first");
        CopyFolder(first.Path, first.Path.Replace("first", "copy", StringComparison.Ordinal));
        _fixture.Clock.Step(TimeSpan.FromDays(1));
        var newest = await CreateAsync("db", "newest");

        Assert.Equal(2, (await CleanUpAsync(new RetentionPolicy { Last = 1 })).Removed.Count);
        Assert.Equal([newest.Name], _fixture.Store.List("db").Select(entry => entry.Name));
    }

    [Fact]
    public async Task A_listing_without_what_was_just_made_is_not_believed()
    {
        await CreateAsync("db", "first");
        _fixture.Clock.Step(TimeSpan.FromDays(1));
        await CreateAsync("db", "second");
        var request = new CleanUpSnapshotsRequest { StorePath = _fixture.Path, Rules = Rules(new RetentionPolicy { Last = 1 }), Witness = "metis_20261123_020000_gone" };

        var failure = await Assert.ThrowsAsync<MetisException>(() => new CleanUpSnapshots(_fixture.Clock).RunAsync(request, StoreFixture.Token));

        Assert.Equal(ErrorCode.ServerFailed, failure.Code);
        Assert.Equal(2, _fixture.Store.List("db").Count);
    }

    [Fact]
    public async Task A_dry_run_and_a_look_ahead_change_nothing_and_foretell_what_the_run_does()
    {
        for (var i = 0; i < 5; i++)
        {
            await CreateAsync("db", $"night {i}");
            _fixture.Clock.Step(TimeSpan.FromDays(1));
        }

        var now = _fixture.Clock.GetUtcNow();
        var subject = new RetentionSubject("db", "here:8529");
        var rules = Rules(new RetentionPolicy { Last = 3 }) with { Own = new Dictionary<RetentionSubject, RetentionPolicy> { [subject] = new() { Last = 3 } } };
        var request = new CleanUpSnapshotsRequest { StorePath = _fixture.Path, Rules = rules, DryRun = true };
        var horizon = new RetentionHorizon(now.AddDays(2), new Dictionary<RetentionSubject, IReadOnlyList<DateTimeOffset>> { [subject] = [now, now.AddDays(1)] });

        var dry = await new CleanUpSnapshots(_fixture.Clock).RunAsync(request, StoreFixture.Token);
        var ahead = await new CleanUpSnapshots(_fixture.Clock).RunAsync(request with { DryRun = false, Horizon = horizon }, StoreFixture.Token);

        Assert.Equal(5, _fixture.Store.List("db").Count);
        Assert.False(dry.Executed || ahead.Executed);
        var forecast = Assert.Single(ahead.Series).Forecast!;
        Assert.Equal((2, 4), (forecast.Arrivals, forecast.Removals.Count));
        Assert.Equal(["night 4"], forecast.Remaining.Where(point => !point.Expected).Select(point => _fixture.Store.Find(point.Name).Metadata!.Description));
        Assert.Equal(dry.Removed.Select(item => item.Name), (await CleanUpAsync(new RetentionPolicy { Last = 3 })).Removed.Select(item => item.Name));
    }

    private static RetentionChoice Rules(RetentionPolicy policy) => new() { Usual = policy, Safety = RetentionPolicy.Safety };

    private static void CopyFolder(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }

    private Task<CleanUpSnapshotsResult> CleanUpAsync(RetentionPolicy policy) =>
        new CleanUpSnapshots(_fixture.Clock).RunAsync(new CleanUpSnapshotsRequest { StorePath = _fixture.Path, Rules = Rules(policy) }, StoreFixture.Token);

    private async Task<SnapshotEntry> CreateAsync(string database, string description, SnapshotMetadata? metadata = null)
    {
        await using var writer = _fixture.Store.Begin(database, description);
        return await writer.CommitAsync(new Manifest { Database = database, Collections = [] }, metadata ?? new SnapshotMetadata(), StoreFixture.Token);
    }
}
