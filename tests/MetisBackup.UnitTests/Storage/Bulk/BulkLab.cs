using System.Diagnostics;
using System.Text;
using MetisBackup.Core.Bulk;
using MetisBackup.Core.Snapshots;
using MetisBackup.Storage.Bulk;
using MetisBackup.Storage.Store;
using MetisBackup.UnitTests.Storage.Store;

namespace MetisBackup.UnitTests.Storage.Bulk;

/// <summary>A tree of real files beside a store.</summary>
internal sealed class BulkLab : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("metis-bulk-").FullName;

    public BulkLab(string? store = null, string? tree = null)
    {
        Store = new StoreFixture(store ?? Path.Combine(_folder, "snapshots"));
        Tree = tree ?? Path.Combine(_folder, "experiments");
        Directory.CreateDirectory(Tree);
    }

    public StoreFixture Store { get; }

    /// <summary>The directory that is captured.</summary>
    public string Tree { get; }

    /// <summary>An hour ahead of the file system, so that every file has been settled for long.</summary>
    public TimeProvider Clock { get; set; } = new ShiftedClock(TimeSpan.FromHours(1));

    public NameFilter Filter { get; set; } = new(["*.tmp", "__pycache__", ".git"]);

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public string this[string relative] => Path.Combine(Tree, relative);

    /// <summary>Writes a file below the tree, with its directories.</summary>
    public void Write(string relative, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[relative])!);
        File.WriteAllText(this[relative], content);
    }

    /// <summary>Runs a script of the shell in the tree: for what .NET has no words for.</summary>
    public void Shell(string script)
    {
        using var process = Process.Start(new ProcessStartInfo("bash", ["-euc", script]) { WorkingDirectory = Tree, RedirectStandardError = true, UseShellExecute = false })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error);
    }

    /// <summary>What a script prints.</summary>
    public string Ask(string script)
    {
        using var process = Process.Start(new ProcessStartInfo("bash", ["-euc", script]) { WorkingDirectory = Tree, RedirectStandardOutput = true, UseShellExecute = false })!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return text;
    }

    /// <summary>Which file a path leads to.</summary>
    public string Inode(string path) => Ask($"stat -c %d:%i '{path}'");

    /// <summary>Captures the tree into a snapshot of nothing else.</summary>
    public async Task<(SnapshotEntry Entry, BulkCaptured Captured)> CaptureAsync(string description, SnapshotEntry? parent = null, bool verifyParent = false)
    {
        using var older = parent is null ? null : Store.Store.OpenReader(parent);
        await using var writer = Store.Store.Begin("db", description);
        var request = new BulkCaptureRequest { Root = Tree, Filter = Filter, Parent = older, VerifyParent = verifyParent };
        var captured = await new BulkCapture(writer, request, Clock, progress: null).RunAsync(Token);
        var entry = await writer.CommitAsync(new Manifest { Database = "db", Bulk = captured.Record }, new SnapshotMetadata(), Token);
        return (entry, captured);
    }

    /// <summary>The list of a snapshot, by path as people read it.</summary>
    public static Dictionary<string, TreeEntry> List(SnapshotEntry entry) =>
        TreeListFile.Read(Path.Combine(entry.Path, TreeListFile.Name)).ToDictionary(static one => one.Path.ToString(), StringComparer.Ordinal);

    /// <summary>The content of a file in a snapshot.</summary>
    public static string Content(SnapshotEntry entry, string path) => File.ReadAllText(ContentPath(entry, path), Encoding.UTF8);

    public static string ContentPath(SnapshotEntry entry, string path) => Path.Combine(entry.Path, BulkContents.PathOf(List(entry)[path].Hash!));

    public async Task<VerificationReport> VerifyAsync(SnapshotEntry entry)
    {
        using var reader = Store.Store.OpenReader(entry);
        return await reader.VerifyAsync(progress: null, Token);
    }

    /// <summary>Restores the tree, or another directory, to a snapshot.</summary>
    public async Task<(TreePlan Plan, BulkRestored Restored)> RestoreAsync(SnapshotEntry entry, string? root = null)
    {
        using var reader = Store.Store.OpenReader(entry);
        using var restore = await PlanAsync(reader, root);
        await restore.RequireSoundAsync(progress: null, Token);
        return (restore.Plan, await restore.ExecuteAsync(begun: null, progress: null, Token));
    }

    public Task<BulkRestore> PlanAsync(SnapshotReader reader, string? root = null) =>
        BulkRestore.PlanAsync(new BulkRestoreRequest { Snapshot = reader, Root = root ?? Tree, Filter = Filter }, Clock, progress: null, Token);

    /// <summary>Everything about a tree in text: kinds, rights, owners, times, targets, contents; without what is excluded.</summary>
    public string Describe(string? root = null) => Ask($$"""
        cd '{{root ?? Tree}}'
        find . -mindepth 1 \( -name .git -o -name __pycache__ -o -name '*.tmp' \) -prune -o -printf '%P %y %m %U %G %l ' \( -type d -printf '\n' -o -printf '%T@ %s\n' \) | LC_ALL=C sort | od -c
        find . -mindepth 1 \( -name .git -o -name __pycache__ -o -name '*.tmp' \) -prune -o -type f -print0 | LC_ALL=C sort -z | xargs -0 -r sha256sum
        """);

    public void Dispose()
    {
        Store.Dispose();
        using var process = Process.Start("rm", ["-rf", _folder]);
        process.WaitForExit();
    }
}

/// <summary>The system's clock, some time ahead or behind.</summary>
internal sealed class ShiftedClock(TimeSpan shift) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + shift;
}
