using MetisBackup.Core.Bulk;
using MetisBackup.Core.Errors;
using MetisBackup.Storage.Bulk;
using MetisBackup.UnitTests.Storage.Store;

namespace MetisBackup.UnitTests.Storage.Bulk;

public sealed class BulkRestoreTests
{
    private const string Colourful = """
        mkdir -p 'run 1/deep/er' empty; printf one > 'run 1/a'; printf two > 'run 1/deep/b'; printf x > $'bad\xff'; printf y > $'line\nfeed'
        ln -s ../a 'run 1/deep/link'; ln -s /nowhere dangling; ln 'run 1/a' 'run 1/deep/er/same'
        truncate -s 3M sparse; printf end >> sparse; chmod 4640 'run 1/a'; chmod 500 empty; chmod 1777 'run 1'
        touch -d '2001-02-03 04:05:06.789012345 UTC' 'run 1/deep/b'; touch -h -d '2002-02-02 UTC' dangling; touch -d '2003-03-03 UTC' 'run 1/deep'
        """;

    [Fact]
    public async Task A_lost_tree_comes_back_as_it_was()
    {
        using var lab = new BulkLab();
        lab.Shell(Colourful);
        lab.Shell("[ $(id -u) != 0 ] || chown 1234:2345 'run 1/deep/b'; [ $(id -u) != 0 ] || chown -h 1234:2345 dangling");
        var (entry, _) = await lab.CaptureAsync("first");
        var before = lab.Describe();
        lab.Shell("chmod -R u+w .; rm -rf -- * .[!.]*");

        var (plan, restored) = await lab.RestoreAsync(entry);

        Assert.Equal(before, lab.Describe());
        Assert.Equal((12, 0, 0, 0), (plan.Created, plan.Replaced, plan.Adjusted, plan.Removed));
        Assert.Equal(lab.Inode(lab["run 1/a"]), lab.Inode(lab["run 1/deep/er/same"]));
        Assert.InRange(long.Parse(lab.Ask("stat -c %b sparse")), 1, 16);
        Assert.Equal("1046649600", lab.Ask("stat -c %Y 'run 1/deep'").Trim());
        Assert.Null(restored.Trash);
        Assert.Empty(restored.Warnings);
    }

    [Fact]
    public async Task Only_what_differs_is_touched_and_what_goes_is_kept_in_the_trash()
    {
        using var lab = new BulkLab();
        lab.Shell(Colourful);
        var (entry, _) = await lab.CaptureAsync("first");
        var (before, untouched) = (lab.Describe(), lab.Inode(lab["run 1/deep/b"]));
        lab.Shell("""
            printf three > $'bad\xff'; mkdir -p later/on; printf new > later/on/file; ln -sfn /elsewhere dangling; rm $'line\nfeed'
            chmod 600 'run 1/a'; rm -r empty; printf 'now a file' > empty; rm sparse; mkdir sparse; printf in > sparse/in
            """);

        var (plan, restored) = await lab.RestoreAsync(entry);

        Assert.Equal(before, lab.Describe());
        Assert.Equal(untouched, lab.Inode(lab["run 1/deep/b"]));
        Assert.Equal((2, 3, 1, 5), (plan.Created, plan.Replaced, plan.Adjusted, plan.Removed));
        var files = Path.Combine(restored.Trash!, "files");
        Assert.Equal("new", await File.ReadAllTextAsync(Path.Combine(files, "later/on/file"), BulkLab.Token));
        Assert.Equal("now a file", await File.ReadAllTextAsync(Path.Combine(files, "empty"), BulkLab.Token));
        Assert.Equal("in", await File.ReadAllTextAsync(Path.Combine(files, "sparse/in"), BulkLab.Token));
        Assert.Equal("three", lab.Ask($"cat '{files}'/$'bad\\xff'"));
        Assert.Equal("/elsewhere", lab.Ask($"readlink '{files}/dangling'").Trim());
        Assert.Equal(0, (await lab.RestoreAsync(entry)).Plan.Steps);
    }

    [Fact]
    public async Task What_is_excluded_survives_wherever_it_is()
    {
        using var lab = new BulkLab();
        lab.Write("code/main.py", "1");
        lab.Write("code/.git/config", "precious");
        var (entry, _) = await lab.CaptureAsync("first");
        lab.Write("code/main.py", "22");
        lab.Write("later/work.py", "gone");
        lab.Write("later/.git/HEAD", "precious too");
        lab.Write("later/sub/x.tmp", "scratch");

        var (plan, _) = await lab.RestoreAsync(entry);

        Assert.Equal("1", await File.ReadAllTextAsync(lab["code/main.py"], BulkLab.Token));
        Assert.Equal("precious", await File.ReadAllTextAsync(lab["code/.git/config"], BulkLab.Token));
        Assert.Equal("precious too", await File.ReadAllTextAsync(lab["later/.git/HEAD"], BulkLab.Token));
        Assert.Equal("scratch", await File.ReadAllTextAsync(lab["later/sub/x.tmp"], BulkLab.Token));
        Assert.False(File.Exists(lab["later/work.py"]));
        Assert.Equal((1, 1), (plan.Replaced, plan.Removed));
    }

    [Fact]
    public async Task A_name_that_is_excluded_only_now_is_not_touched_either()
    {
        using var lab = new BulkLab();
        lab.Write("model.bin", "old");
        lab.Write("notes", "old");
        var (entry, _) = await lab.CaptureAsync("first");
        lab.Write("model.bin", "newer");
        lab.Write("notes", "newer");
        lab.Filter = new NameFilter(["*.bin"]);

        var (plan, _) = await lab.RestoreAsync(entry);

        Assert.Equal(("newer", "old"), (File.ReadAllText(lab["model.bin"]), File.ReadAllText(lab["notes"])));
        Assert.Equal(1, plan.LeftOut);
    }

    [Fact]
    public async Task A_directory_with_something_excluded_in_the_place_of_a_file_stops_the_plan()
    {
        using var lab = new BulkLab();
        lab.Write("data", "file");
        lab.Write("other", "file");
        var (entry, _) = await lab.CaptureAsync("first");
        lab.Shell("rm data; mkdir -p data/.git; printf x > data/.git/HEAD; printf changed > other");

        var error = await Assert.ThrowsAsync<MetisException>(() => lab.RestoreAsync(entry));

        Assert.Equal(ErrorCode.Refused, error.Code);
        Assert.Contains("'data' has to become a file again", error.Message, StringComparison.Ordinal);
        Assert.Equal("changed", await File.ReadAllTextAsync(lab["other"], BulkLab.Token));
        Assert.Empty(BulkTrash.Of(lab.Tree).List());
    }

    [Fact]
    public async Task Nothing_outside_of_the_tree_is_reached_through_links()
    {
        using var lab = new BulkLab();
        lab.Write("data/inside", "mine");
        lab.Write("data/more", "mine");
        var (entry, _) = await lab.CaptureAsync("first");
        lab.Shell("mkdir ../outside; printf theirs > ../outside/inside; printf theirs > ../outside/extra; rm -r data; ln -s ../outside data");

        await lab.RestoreAsync(entry);

        Assert.Equal("theirs", await File.ReadAllTextAsync(lab["../outside/inside"], BulkLab.Token));
        Assert.True(File.Exists(lab["../outside/extra"]));
        Assert.Equal("mine", await File.ReadAllTextAsync(lab["data/inside"], BulkLab.Token));
        Assert.Null(new DirectoryInfo(lab["data"]).LinkTarget);
    }

    [Fact]
    public async Task A_restore_that_ended_in_the_middle_is_finished_by_the_next()
    {
        using var lab = new BulkLab();
        lab.Shell("for i in $(seq 1 50); do printf $i > f$i; done");
        var (entry, _) = await lab.CaptureAsync("first");
        var before = lab.Describe();
        lab.Shell("for i in $(seq 1 50); do printf changed$i > f$i; done");
        using (var reader = lab.Store.Store.OpenReader(entry))
        using (var restore = await lab.PlanAsync(reader))
        {
            using var interrupted = CancellationTokenSource.CreateLinkedTokenSource(BulkLab.Token);
            var writes = new CountingProgress(count => { if (count == 20) { interrupted.Cancel(); } });
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => restore.ExecuteAsync(begun: null, writes, interrupted.Token));
        }

        Assert.NotEqual(before, lab.Describe());
        Assert.Single(BulkTrash.Of(lab.Tree).FindUnfinished());
        Assert.Equal(ErrorCode.Refused, (await Assert.ThrowsAsync<MetisException>(() => lab.CaptureAsync("between"))).Code);
        var (plan, _) = await lab.RestoreAsync(entry);

        Assert.InRange(plan.Replaced, 25, 35);
        Assert.Equal(before, lab.Describe());
        Assert.Empty(BulkTrash.Of(lab.Tree).FindUnfinished());
        Assert.Equal("changed1", lab.Ask($"cat '{BulkTrash.Of(lab.Tree).Path}'/*/files/f1"));
    }

    [Fact]
    public async Task Damage_in_the_snapshot_is_found_before_anything_is_touched()
    {
        using var lab = new BulkLab();
        lab.Write("a", "1111");
        lab.Write("b", "2222");
        var (entry, _) = await lab.CaptureAsync("first");
        lab.Shell("printf changed > a; printf changed > b");
        File.SetUnixFileMode(BulkLab.ContentPath(entry, "b"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await File.WriteAllTextAsync(BulkLab.ContentPath(entry, "b"), "2223", BulkLab.Token);

        var error = await Assert.ThrowsAsync<MetisException>(() => lab.RestoreAsync(entry));

        Assert.Equal(ErrorCode.VerificationFailed, error.Code);
        Assert.Contains("bulk file 'b' is damaged", error.Message, StringComparison.Ordinal);
        Assert.Equal("changed", await File.ReadAllTextAsync(lab["a"], BulkLab.Token));
    }

    [Fact]
    public async Task An_edit_behind_the_old_time_and_size_is_set_back()
    {
        using var lab = new BulkLab();
        lab.Write("data", "before");
        var (entry, _) = await lab.CaptureAsync("first");
        lab.Shell("touch -r data ../stamp; printf after! > data; touch -r ../stamp data");

        await lab.RestoreAsync(entry);

        Assert.Equal("before", await File.ReadAllTextAsync(lab["data"], BulkLab.Token));
    }

    [Fact]
    public async Task Names_of_one_file_are_joined_and_parted_as_they_were()
    {
        using var lab = new BulkLab();
        lab.Shell("printf x > a; ln a b; printf y > c; printf y > d");
        var (entry, _) = await lab.CaptureAsync("first");
        lab.Shell("rm b; cp -p a b; rm d; ln c d");

        await lab.RestoreAsync(entry);

        Assert.Equal(lab.Inode(lab["a"]), lab.Inode(lab["b"]));
        Assert.NotEqual(lab.Inode(lab["c"]), lab.Inode(lab["d"]));
        Assert.Equal("xxyy", lab.Ask("cat a b c d"));
    }

    [Fact]
    public async Task Another_directory_can_be_made_from_the_snapshot()
    {
        using var lab = new BulkLab();
        lab.Shell(Colourful);
        var (entry, _) = await lab.CaptureAsync("first");
        var elsewhere = Path.Combine(Path.GetDirectoryName(lab.Tree)!, "elsewhere");

        var (plan, restored) = await lab.RestoreAsync(entry, elsewhere);

        Assert.True(plan.CreatesRoot);
        Assert.Equal(lab.Describe(), lab.Describe(elsewhere));
        Assert.Contains("was missing", Assert.Single(restored.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tree_with_a_file_system_of_its_own_keeps_its_trash_inside()
    {
        using var mount = await TemporaryMount.CreateAsync("size=16m");
        using var lab = new BulkLab(tree: mount.Path);
        lab.Write("data", "before");
        var (entry, _) = await lab.CaptureAsync("first");
        lab.Write("data", "after");

        var (_, restored) = await lab.RestoreAsync(entry);

        Assert.StartsWith(Path.Combine(mount.Path, ".metis-trash"), restored.Trash, StringComparison.Ordinal);
        var (second, _) = await lab.CaptureAsync("second");
        Assert.Equal(["data"], BulkLab.List(second).Keys);
        Assert.Equal(0, (await lab.RestoreAsync(entry)).Plan.Steps);
    }

    [Fact]
    public async Task What_lies_on_another_file_system_inside_of_the_tree_is_not_changed()
    {
        using var lab = new BulkLab();
        Directory.CreateDirectory(lab["mounted"]);
        lab.Write("mounted/data", "before");
        var (entry, _) = await lab.CaptureAsync("first");
        using var mount = await TemporaryMount.CreateAsync("size=1m");
        lab.Shell($"mount --bind '{mount.Path}' mounted");
        try
        {
            Assert.Equal(ErrorCode.Refused, (await Assert.ThrowsAsync<MetisException>(() => lab.RestoreAsync(entry))).Code);
        }
        finally
        {
            lab.Shell("umount mounted");
        }
    }

    [Fact]
    public async Task A_full_disk_is_told_before_anything_is_changed()
    {
        using var mount = await TemporaryMount.CreateAsync("size=8m");
        using var lab = new BulkLab(tree: mount.Path);
        lab.Shell("head -c 6M /dev/urandom > large");
        var (entry, _) = await lab.CaptureAsync("first");
        lab.Shell("rm large; head -c 6M /dev/urandom > other");

        var error = await Assert.ThrowsAsync<MetisException>(() => lab.RestoreAsync(entry));

        Assert.Equal(ErrorCode.NoSpace, error.Code);
        Assert.True(File.Exists(lab["other"]));
    }

    private sealed class CountingProgress(Action<int> counted) : IProgress<long>
    {
        private int _count;

        public void Report(long value) => counted(++_count);
    }
}
