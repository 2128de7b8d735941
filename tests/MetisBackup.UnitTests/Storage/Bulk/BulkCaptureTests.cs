using MetisBackup.Core.Bulk;
using MetisBackup.Core.Errors;
using MetisBackup.Storage.Bulk;
using MetisBackup.UnitTests.Storage.Store;

namespace MetisBackup.UnitTests.Storage.Bulk;

public sealed class BulkCaptureTests
{
    [Fact]
    public async Task Files_directories_and_links_are_captured_with_everything_that_belongs_to_them()
    {
        using var lab = new BulkLab();
        lab.Write("run 1/result.txt", "42");
        lab.Write("run 1/again.txt", "42");
        lab.Shell("""
            mkdir -m 750 empty; ln -s ../run\ 1/result.txt empty/link; ln -s /etc dangling
            chmod 4640 'run 1/result.txt'; touch -d '2001-02-03 04:05:06.789012345 UTC' 'run 1/result.txt'; touch -h -d '1969-12-31 23:59:58.5 UTC' dangling
            """);

        var (entry, captured) = await lab.CaptureAsync("first");

        var list = BulkLab.List(entry);
        Assert.Equal(["dangling", "empty", "empty/link", "run 1", "run 1/again.txt", "run 1/result.txt"], list.Keys);
        Assert.Equal("42", BulkLab.Content(entry, "run 1/result.txt"));
        Assert.Equal(Convert.ToInt32("4640", 8), list["run 1/result.txt"].Mode);
        Assert.Equal(new FileTime(981173106, 789012345), list["run 1/result.txt"].ModifiedAt);
        Assert.Equal(new FileTime(-2, 500_000_000), list["dangling"].ModifiedAt);
        Assert.Equal((TreeEntryKind.Directory, Convert.ToInt32("750", 8)), (list["empty"].Kind, list["empty"].Mode));
        Assert.Equal("/etc"u8.ToArray(), list["dangling"].Target);
        Assert.Equal((2, 2, 2, 4L), (captured.Record.Files, captured.Record.Directories, captured.Record.Links, captured.Record.Bytes));
        Assert.Equal(2, captured.Record.StoredBytes);
        Assert.Equal((2L, 4L), (entry.Metadata!.BulkFiles, entry.Metadata.BulkBytes));
        Assert.Empty(captured.Warnings);
        Assert.Empty((await lab.VerifyAsync(entry)).Findings);
    }

    [Fact]
    public async Task Names_that_are_no_text_are_captured_as_they_are()
    {
        using var lab = new BulkLab();
        lab.Shell("""printf a > $'bad\xff\xfename'; printf b > $'line\nfeed'; printf c > $'\\back "quote"'; mkdir $'d\xc3\x28'; printf d > $'d\xc3\x28/in'; ln -s $'t\xff' link""");

        var (entry, _) = await lab.CaptureAsync("first");

        var list = BulkLab.List(entry);
        Assert.Equal([@"\back ""quote""", @"bad\xff\xfename", @"d\xc3(", @"d\xc3(/in", @"line\x0afeed", "link"], list.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("a", BulkLab.Content(entry, @"bad\xff\xfename"));
        Assert.Equal([(byte)'t', 0xFF], list["link"].Target);
        Assert.Empty((await lab.VerifyAsync(entry)).Findings);
    }

    [Fact]
    public async Task What_is_excluded_is_left_out_with_everything_below_it()
    {
        using var lab = new BulkLab();
        lab.Write("keep.txt", "1");
        lab.Write("scratch.tmp", "2");
        lab.Write("code/.git/config", "3");
        lab.Write("code/__pycache__/x.pyc", "4");
        lab.Write("code/.github/x", "5");

        var (entry, captured) = await lab.CaptureAsync("first");

        Assert.Equal(["code", "code/.github", "code/.github/x", "keep.txt"], BulkLab.List(entry).Keys);
        Assert.Equal(["*.tmp", "__pycache__", ".git"], captured.Record.Excluded);
    }

    [Fact]
    public async Task Unchanged_files_are_linked_to_the_older_snapshot_and_not_read()
    {
        using var lab = new BulkLab();
        lab.Write("same", new string('x', 100_000));
        lab.Write("edited", "before");
        var (first, _) = await lab.CaptureAsync("first");
        lab.Write("edited", "after!");
        lab.Write("new", "here");

        var (second, captured) = await lab.CaptureAsync("second", first);

        Assert.Equal(2, captured.FilesRead);
        Assert.Equal(100_000, captured.SharedBytes);
        Assert.Equal(lab.Inode(BulkLab.ContentPath(first, "same")), lab.Inode(BulkLab.ContentPath(second, "same")));
        Assert.Equal(("before", "after!"), (BulkLab.Content(first, "edited"), BulkLab.Content(second, "edited")));
        Assert.InRange(second.Metadata!.NewBytes!.Value, 1, 10_000);
        lab.Store.Store.Delete(first, force: true);
        Assert.Empty((await lab.VerifyAsync(second)).Findings);
    }

    [Fact]
    public async Task A_file_that_was_touched_is_read_but_kept_only_once()
    {
        using var lab = new BulkLab();
        lab.Write("data", new string('x', 100_000));
        var (first, _) = await lab.CaptureAsync("first");
        File.SetLastWriteTimeUtc(lab["data"], new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        var (second, captured) = await lab.CaptureAsync("second", first);

        Assert.Equal((1L, 100_000L), (captured.FilesRead, captured.SharedBytes));
        Assert.Equal(lab.Inode(BulkLab.ContentPath(first, "data")), lab.Inode(BulkLab.ContentPath(second, "data")));
        Assert.Equal(1577836800, BulkLab.List(second)["data"].ModifiedAt.Seconds);
    }

    [Fact]
    public async Task An_edit_that_hides_behind_the_old_size_and_time_is_found()
    {
        using var lab = new BulkLab();
        lab.Write("data", "before");
        var (first, _) = await lab.CaptureAsync("first");
        lab.Shell("touch -r data ../stamp; printf after! > data; touch -r ../stamp data");

        var (second, _) = await lab.CaptureAsync("second", first);

        Assert.Equal(BulkLab.List(first)["data"].ModifiedAt, BulkLab.List(second)["data"].ModifiedAt);
        Assert.Equal("after!", BulkLab.Content(second, "data"));
    }

    [Fact]
    public async Task A_file_that_was_written_just_before_the_older_snapshot_is_read_again()
    {
        using var lab = new BulkLab { Clock = TimeProvider.System };
        lab.Write("data", "fresh");
        var (first, _) = await lab.CaptureAsync("first");

        var (_, captured) = await lab.CaptureAsync("second", first);

        Assert.Equal(1, captured.FilesRead);
    }

    [Fact]
    public async Task The_store_is_safe_from_edits_of_the_live_files()
    {
        using var lab = new BulkLab();
        lab.Write("data", "before");
        var (first, _) = await lab.CaptureAsync("first");

        File.WriteAllText(lab["data"], "edited");

        Assert.Equal("before", BulkLab.Content(first, "data"));
        Assert.Empty((await lab.VerifyAsync(first)).Findings);
    }

    [Fact]
    public async Task Holes_stay_holes()
    {
        using var lab = new BulkLab();
        lab.Shell("truncate -s 64M sparse; printf middle | dd of=sparse bs=1 seek=33554432 conv=notrunc status=none; truncate -s 8M only-hole");

        var (entry, captured) = await lab.CaptureAsync("first");

        var file = BulkLab.List(entry)["sparse"];
        Assert.Equal(64 * 1024 * 1024, file.Size);
        Assert.InRange(file.DataBytes!.Value, 6, 4096);
        Assert.InRange(captured.Record.StoredBytes, 6, 4096);
        Assert.InRange(long.Parse(lab.Ask($"stat -c %b '{BulkLab.ContentPath(entry, "sparse")}'")), 1, 64);
        Assert.Equal(lab.Ask("sha256sum < sparse"), lab.Ask($"sha256sum < '{BulkLab.ContentPath(entry, "sparse")}'"));
        Assert.Equal(0, BulkLab.List(entry)["only-hole"].DataBytes);
    }

    [Fact]
    public async Task Several_names_of_one_file_are_known_as_such()
    {
        using var lab = new BulkLab();
        lab.Write("a/first", "shared");
        lab.Shell("mkdir z; ln a/first b-second; ln a/first z/third; printf shared > other");

        var (entry, captured) = await lab.CaptureAsync("first");

        var list = BulkLab.List(entry);
        Assert.Null(list["a/first"].SameAs);
        Assert.Equal(["a/first", "a/first"], [list["b-second"].SameAs!.ToString(), list["z/third"].SameAs!.ToString()]);
        Assert.Null(list["other"].SameAs);
        Assert.Equal((4, 12L, 6L), (captured.Record.Files, captured.Record.Bytes, captured.Record.StoredBytes));
    }

    [Fact]
    public async Task Attributes_of_users_and_access_lists_are_captured()
    {
        using var lab = new BulkLab();
        lab.Write("data", "1");
        lab.Shell("python3 -c 'import os; os.setxattr(\"data\", \"user.origin\", b\"lab\\x00 7\"); os.setxattr(\".\", \"user.root\", b\"1\")' || true");
        Assert.SkipUnless(lab.Ask("python3 -c 'import os; print(len(os.listxattr(\"data\")))' || true").Trim() == "1", "needs a file system with attributes of users");

        var (first, _) = await lab.CaptureAsync("first");
        var (second, captured) = await lab.CaptureAsync("second", first);

        Assert.Equal(0, captured.FilesRead);
        Assert.Equal("lab\0 7"u8.ToArray(), Convert.FromBase64String(BulkLab.List(first)["data"].Attributes["user.origin"]));
        Assert.Equal(BulkLab.List(first)["data"].Attributes, BulkLab.List(second)["data"].Attributes);
    }

    [Fact]
    public async Task Pipes_and_sockets_are_named_in_a_warning()
    {
        using var lab = new BulkLab();
        lab.Shell("mkfifo pipe; printf x > file");

        var (entry, captured) = await lab.CaptureAsync("first");

        Assert.Equal(["file"], BulkLab.List(entry).Keys);
        Assert.Equal(["1 entry is a pipe, socket or device and was left out: pipe."], captured.Warnings);
    }

    [Fact]
    public async Task Directories_that_are_nested_to_exhaust_who_follows_them_are_refused()
    {
        using var lab = new BulkLab();
        var directory = TreeDirectory.OpenRoot(lab.Tree);
        for (var depth = 0; depth < 100; depth++)
        {
            var name = Enumerable.Repeat((byte)'d', 200).ToArray();
            directory.MakeDirectory(name);
            var below = directory.Open(name);
            directory.Dispose();
            directory = below;
        }

        directory.Dispose();
        var refused = await Assert.ThrowsAsync<MetisException>(() => lab.CaptureAsync("first"));

        Assert.Equal(ErrorCode.CoverageGap, refused.Code);
        Assert.Contains("nested deeper than", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_in_the_place_of_a_directory_leads_nowhere()
    {
        using var lab = new BulkLab();
        lab.Write("data/inside", "1");
        lab.Shell("mkdir ../outside; printf secret > ../outside/secret; mv data ../elsewhere; ln -s ../outside data");

        var (entry, _) = await lab.CaptureAsync("first");

        Assert.Equal(["data"], BulkLab.List(entry).Keys);
        Assert.Equal(TreeEntryKind.Link, BulkLab.List(entry)["data"].Kind);
    }

    [Fact]
    public async Task A_damaged_list_of_the_older_snapshot_is_passed_over_and_told()
    {
        using var lab = new BulkLab();
        lab.Write("data", "1");
        var (first, _) = await lab.CaptureAsync("first");
        var list = Path.Combine(first.Path, TreeListFile.Name);
        File.SetUnixFileMode(list, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await File.WriteAllTextAsync(list, "nonsense", BulkLab.Token);

        var (second, captured) = await lab.CaptureAsync("second", first);

        Assert.Equal(1, captured.FilesRead);
        Assert.Contains("every file was read", Assert.Single(captured.Warnings), StringComparison.Ordinal);
        Assert.Empty((await lab.VerifyAsync(second)).Findings);
    }

    [Fact]
    public async Task Verification_finds_damaged_missing_and_foreign_contents()
    {
        using var lab = new BulkLab();
        lab.Write("damaged", "1111");
        lab.Write("missing", "2222");
        lab.Write("sound", "3333");
        var (entry, _) = await lab.CaptureAsync("first");
        File.SetUnixFileMode(BulkLab.ContentPath(entry, "damaged"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await File.WriteAllTextAsync(BulkLab.ContentPath(entry, "damaged"), "1112", BulkLab.Token);
        File.Delete(BulkLab.ContentPath(entry, "missing"));
        Directory.CreateDirectory(Path.Combine(entry.Path, "bulk", "data", "zz"));
        await File.WriteAllTextAsync(Path.Combine(entry.Path, "bulk", "data", "zz", "foreign"), "x", BulkLab.Token);

        var findings = (await lab.VerifyAsync(entry)).Findings.Select(static one => one.Message).Order(StringComparer.Ordinal).ToList();

        Assert.Equal(3, findings.Count);
        Assert.Contains(findings, static one => one.Contains("is damaged: it does not match its SHA-256", StringComparison.Ordinal));
        Assert.Contains(findings, static one => one.StartsWith("The content of bulk file 'missing' is missing", StringComparison.Ordinal));
        Assert.Contains(findings, static one => one.Contains("zz/foreign' does not belong to the snapshot", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_damaged_content_of_the_older_snapshot_is_not_inherited_when_it_is_looked_at()
    {
        using var lab = new BulkLab();
        lab.Write("data", "1111");
        var (first, _) = await lab.CaptureAsync("first");
        File.SetUnixFileMode(BulkLab.ContentPath(first, "data"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await File.WriteAllTextAsync(BulkLab.ContentPath(first, "data"), "1112", BulkLab.Token);

        var (second, captured) = await lab.CaptureAsync("second", first, verifyParent: true);

        Assert.Equal(1, captured.FilesRead);
        Assert.Empty((await lab.VerifyAsync(second)).Findings);
    }

    [Fact]
    public async Task A_missing_directory_and_a_store_inside_of_it_are_refused()
    {
        using var lab = new BulkLab();
        Directory.Delete(lab.Tree);
        Assert.Equal(ErrorCode.NotFound, (await Assert.ThrowsAsync<MetisException>(() => lab.CaptureAsync("first"))).Code);

        var folder = Directory.CreateTempSubdirectory("metis-bulk-");
        using var inside = new BulkLab(Path.Combine(folder.FullName, "a", "store"), folder.FullName);
        var error = await Assert.ThrowsAsync<MetisException>(() => inside.CaptureAsync("first"));

        Assert.Equal(ErrorCode.Usage, error.Code);
        Assert.Contains("lies in the bulk files", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(inside.Store.Folders(), static name => name.StartsWith(".incoming", StringComparison.Ordinal));
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_full_disk_leaves_nothing_half_made()
    {
        using var mount = await TemporaryMount.CreateAsync("size=4m");
        using var lab = new BulkLab(Path.Combine(mount.Path, "store"));
        lab.Shell("head -c 8M /dev/urandom > large");

        var error = await Assert.ThrowsAsync<MetisException>(() => lab.CaptureAsync("first"));

        Assert.Equal(ErrorCode.NoSpace, error.Code);
        Assert.Empty(lab.Store.Folders());
        Assert.Empty(lab.Store.Store.List(database: null));
    }

    [Fact]
    public async Task On_another_file_system_contents_are_copied_and_the_parent_is_still_used()
    {
        using var mount = await TemporaryMount.CreateAsync("size=16m");
        using var lab = new BulkLab();
        lab.Write("data", "1111");
        var (first, _) = await lab.CaptureAsync("first");
        lab.Shell($"mkdir '{mount.Path}/store'; cp -a '{first.Path}' '{mount.Path}/store/'");
        using var other = new BulkLab(Path.Combine(mount.Path, "store"), lab.Tree);

        var (second, captured) = await other.CaptureAsync("second", other.Store.Store.Find("latest"));

        Assert.Equal(0, captured.FilesRead);
        Assert.Empty((await other.VerifyAsync(second)).Findings);
    }
}
