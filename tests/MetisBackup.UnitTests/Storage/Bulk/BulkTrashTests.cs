using MetisBackup.Core.Errors;
using MetisBackup.Storage.Bulk;
using MetisBackup.Storage.Store;
using MetisBackup.UnitTests.Storage.Store;

namespace MetisBackup.UnitTests.Storage.Bulk;

public sealed class BulkTrashTests
{
    [Fact]
    public async Task The_trash_is_emptied_when_its_time_has_come()
    {
        using var lab = new BulkLab();
        lab.Shell("mkdir d; printf x > d/$'bad\\xff'");
        var (entry, _) = await lab.CaptureAsync("first");
        lab.Shell("printf y > d/$'bad\\xff'; mkdir gone; printf z > gone/z; chmod 500 gone");
        await lab.RestoreAsync(entry);
        var trash = BulkTrash.Of(lab.Tree);

        Assert.Empty(trash.RemoveExpired(TimeSpan.FromDays(30), lab.Clock.GetUtcNow() + TimeSpan.FromDays(29)));
        Assert.Single(trash.RemoveExpired(TimeSpan.FromDays(30), lab.Clock.GetUtcNow() + TimeSpan.FromDays(31)));

        Assert.Empty(trash.List());
        Assert.Empty(Directory.EnumerateDirectories(trash.Path));
    }

    [Fact]
    public async Task Only_one_restore_of_the_same_files_runs_at_a_time()
    {
        using var lab = new BulkLab();
        lab.Write("a", "1");
        var (entry, _) = await lab.CaptureAsync("first");
        lab.Write("a", "22");
        using var held = BulkTrash.Of(lab.Tree).Lock(TimeProvider.System);

        Assert.Equal(ErrorCode.Locked, (await Assert.ThrowsAsync<MetisException>(() => lab.RestoreAsync(entry))).Code);
        Assert.Equal(ErrorCode.Locked, (await Assert.ThrowsAsync<MetisException>(() => lab.CaptureAsync("second"))).Code);
        Assert.Equal("22", await File.ReadAllTextAsync(lab["a"], BulkLab.Token));
    }

    [Fact]
    public async Task An_empty_directory_that_goes_is_kept_too()
    {
        using var lab = new BulkLab();
        lab.Write("a", "1");
        var (entry, _) = await lab.CaptureAsync("first");
        lab.Shell("mkdir -m 750 empty");

        var (_, restored) = await lab.RestoreAsync(entry);

        Assert.Equal(1, restored.Moved);
        Assert.Equal("750", lab.Ask($"stat -c %a '{restored.Trash}/files/empty'").Trim());
    }

    [Fact]
    public async Task A_link_in_the_place_of_the_trash_leads_nowhere()
    {
        using var lab = new BulkLab();
        lab.Write("a", "1");
        var (entry, _) = await lab.CaptureAsync("first");
        lab.Write("a", "22");
        await lab.RestoreAsync(entry);
        var trash = BulkTrash.Of(lab.Tree);
        lab.Shell($"mv '{trash.Path}' ../foreign; ln -s foreign '{trash.Path}'; printf 333 > a");

        Assert.Empty(trash.RemoveExpired(TimeSpan.Zero, lab.Clock.GetUtcNow().AddDays(1)));
        var error = await Assert.ThrowsAsync<MetisException>(() => lab.RestoreAsync(entry));

        Assert.Equal(ErrorCode.Denied, error.Code);
        Assert.Equal("333", await File.ReadAllTextAsync(lab["a"], BulkLab.Token));
        Assert.Equal("22", lab.Ask("cat ../foreign/*/files/a"));
    }

    [Fact]
    public async Task A_trash_that_others_may_write_in_is_not_emptied()
    {
        using var lab = new BulkLab();
        lab.Write("a", "1");
        var (entry, _) = await lab.CaptureAsync("first");
        lab.Write("a", "22");
        await lab.RestoreAsync(entry);
        var trash = BulkTrash.Of(lab.Tree);
        lab.Shell($"chmod 777 '{trash.Path}'");

        Assert.Equal(ErrorCode.Denied, Assert.Throws<MetisException>(() => trash.RemoveExpired(TimeSpan.Zero, lab.Clock.GetUtcNow().AddDays(1))).Code);

        Assert.Single(trash.List());
    }

    [Fact]
    public async Task A_lock_that_somebody_else_put_into_the_place_of_the_trash_is_neither_believed_nor_touched()
    {
        using var lab = new BulkLab();
        lab.Write("a", "1");
        lab.Write("../victim", "root:x:0");
        lab.Shell("mkdir -m 777 .metis-trash; ln -s ../../victim .metis-trash/.lock; printf '{\"host\":\"elsewhere\"}' > .metis-trash/.owner");
        Assert.Equal(lab[".metis-trash"], BulkTrash.Of(lab.Tree).Path);

        await lab.CaptureAsync("first");
        Assert.Empty(BulkTrash.Of(lab.Tree).FindUnfinished());
        Assert.Empty(StaleLocks.OfFiles(lab.Tree));

        Assert.Equal("root:x:0", await File.ReadAllTextAsync(lab["../victim"], BulkLab.Token));
    }

    [Fact]
    public async Task Whether_a_restore_goes_on_can_be_told_where_nothing_can_be_written()
    {
        using var mount = await TemporaryMount.CreateAsync("size=2m");
        using var lab = new BulkLab(tree: Path.Combine(mount.Path, "experiments"));
        lab.Write("a", "1");
        var (entry, _) = await lab.CaptureAsync("first");
        lab.Write("a", "22");
        await lab.RestoreAsync(entry);
        Assert.True(File.Exists(Path.Combine(BulkTrash.Of(lab.Tree).Path, ".lock")));

        Assert.True(await mount.MakeReadOnlyAsync());
        await lab.CaptureAsync("second");
        Assert.Empty(StaleLocks.OfFiles(lab.Tree));
    }

    [Fact]
    public async Task What_no_restore_made_stays_in_the_trash()
    {
        using var lab = new BulkLab();
        lab.Write("a", "1");
        var (entry, _) = await lab.CaptureAsync("first");
        lab.Write("a", "22");
        await lab.RestoreAsync(entry);
        var trash = BulkTrash.Of(lab.Tree);
        lab.Shell($"cd '{trash.Path}'; mkdir mine broken; printf '{{\"snapshot\":' > broken/restore.json; printf x > file");

        Assert.Single(trash.RemoveExpired(TimeSpan.Zero, lab.Clock.GetUtcNow().AddDays(1)));

        Assert.Equal("broken file mine", lab.Ask($"cd '{trash.Path}'; echo *").Trim());
    }

    [Fact]
    public async Task A_capture_during_which_the_files_were_restored_is_refused()
    {
        using var lab = new BulkLab();
        lab.Write("a", "1");
        lab.Write("b", "1");
        var (entry, _) = await lab.CaptureAsync("first");
        lab.Write("a", "22");
        lab.Write("b", "22");
        await using var writer = lab.Store.Store.Begin("db", "second");
        var request = new BulkCaptureRequest { Root = lab.Tree, Filter = lab.Filter };
        var restores = new RestoringProgress(() => lab.RestoreAsync(entry).GetAwaiter().GetResult());

        var error = await Assert.ThrowsAsync<MetisException>(() => new BulkCapture(writer, request, lab.Clock, restores).RunAsync(BulkLab.Token));

        Assert.Equal(ErrorCode.Refused, error.Code);
        Assert.Contains("while they were captured", error.Message, StringComparison.Ordinal);
    }

    private sealed class RestoringProgress(Action restore) : IProgress<long>
    {
        private int _reports;

        public void Report(long value)
        {
            if (_reports++ == 0)
            {
                restore();
            }
        }
    }
}
