using MetisBackup.Storage.WorkingCopies;

namespace MetisBackup.UnitTests.Storage.WorkingCopies;

public sealed class GitHeadTests : IDisposable
{
    private const string Commit = "0123456789abcdef0123456789abcdef01234567";
    private readonly string _root = Directory.CreateTempSubdirectory("metis-git-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void A_branch_is_read_from_a_folder_below()
    {
        Write(".git/HEAD", "ref: refs/heads/feature/x\n");
        Write(".git/refs/heads/feature/x", Commit + "\n");

        Assert.Equal(new GitHead(Commit, "feature/x"), GitHead.Find(Folder("a/b/c")));
    }

    [Fact]
    public void A_packed_branch_is_found()
    {
        Write(".git/HEAD", "ref: refs/heads/main\n");
        Write(".git/packed-refs", $"# pack-refs\n{new string('f', 40)} refs/heads/other/main\n{Commit} refs/heads/main\n");

        Assert.Equal(new GitHead(Commit, "main"), GitHead.Find(_root));
    }

    [Fact]
    public void A_commit_without_branch_is_read()
    {
        Write(".git/HEAD", Commit + "\n");

        Assert.Equal(new GitHead(Commit, null), GitHead.Find(_root));
    }

    [Fact]
    public void A_linked_working_copy_leads_to_its_repository()
    {
        Write("main/.git/worktrees/w/HEAD", "ref: refs/heads/main\n");
        Write("main/.git/worktrees/w/commondir", "../..\n");
        Write("main/.git/refs/heads/main", Commit + "\n");
        Write("w/.git", $"gitdir: {Path.Combine(_root, "main/.git/worktrees/w")}\n");

        Assert.Equal(new GitHead(Commit, "main"), GitHead.Find(Folder("w/src")));
    }

    [Theory]
    [InlineData("ref: refs/heads/none\n")]
    [InlineData("ref: ../../etc/passwd\n")]
    [InlineData("rubbish\n")]
    [InlineData("")]
    public void What_cannot_be_read_is_nothing(string head)
    {
        Write(".git/HEAD", head);

        Assert.Null(GitHead.Find(_root));
    }

    [Theory]
    [InlineData(".git/HEAD")]
    [InlineData(".git")]
    public async Task A_pipe_in_the_place_of_a_file_is_not_waited_for(string file)
    {
        var path = Path.Combine(_root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using (var process = System.Diagnostics.Process.Start("mkfifo", [path]))
        {
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        Assert.Null(await Task.Run(() => GitHead.Find(_root), TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
    }

    private string Folder(string path) => Directory.CreateDirectory(Path.Combine(_root, path)).FullName;

    private void Write(string path, string text)
    {
        var file = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
