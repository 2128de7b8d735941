using System.Text;
using MetisBackup.App.Operations;
using MetisBackup.App.Operations.Capturing;
using MetisBackup.Storage.Store;

namespace MetisBackup.IntegrationTests.Operations;

/// <summary>What tests of snapshots that follow one another do and look at.</summary>
internal static class IncrementalLab
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static Task<CreateSnapshotResult> CreateAsync(Lab lab, ParentChoice? parent = null, string database = Lab.Database, TimeProvider? clock = null) =>
        new CreateSnapshot(clock ?? lab.Clock, lab.Progress).RunAsync(
            new CreateSnapshotRequest { Server = lab.Settings, StorePath = lab.Store, Database = database, Description = "step", Parent = parent ?? new() }, Token);

    /// <summary>Changes five documents of products from a number on, in one way.</summary>
    public static async Task ChangeAsync(Lab lab, string kind, int first)
    {
        var keys = string.Join(',', Enumerable.Range(first, 5).Select(static number => $"\"p{number}\""));
        var updates = string.Join(',', Enumerable.Range(first + 5, 5).Select(static number => $$"""{"_key":"p{{number}}","seen":{{number}}}"""));
        if (kind is "insert")
        {
            await lab.InsertAsync("products", Enumerable.Range(first, 5).Select(static number => $$"""{"_key":"n{{number}}","sku":"n{{number}}"}"""));
        }

        if (kind is "remove" or "mixed" or "restore")
        {
            await lab.CallAsync(HttpMethod.Delete, Lab.Database, "/_api/document/products", $"[{(kind == "mixed" ? keys[..^(keys.Length - keys.LastIndexOf(','))] : keys)}]");
        }

        if (kind is "update" or "mixed")
        {
            await lab.CallAsync(HttpMethod.Patch, Lab.Database, "/_api/document/products", $"[{updates}]");
        }

        if (kind == "half")
        {
            await lab.CallAsync(HttpMethod.Post, Lab.Database, "/_api/cursor", """{"query":"FOR d IN products FILTER d.sku < 1200 REMOVE d IN products"}""");
        }

        if (kind == "restore")
        {
            await lab.RestoreAsync("latest");
        }
    }

    public static async Task AssertHoldsAsync(Lab lab, CreateSnapshotResult created)
    {
        Assert.Equal(await DocumentsAsync(lab), await StoredAsync(lab, created.Name));
        Assert.Empty(Directory.EnumerateDirectories(lab.Store, ".incoming*"));
    }

    public static async Task<List<string>> DocumentsAsync(Lab lab) =>
        [.. (await lab.PictureAsync()).Where(static line => line.Contains(" {\"", StringComparison.Ordinal))];

    /// <summary>The documents of a snapshot, sorted; it is verified on the way.</summary>
    public static async Task<List<string>> StoredAsync(Lab lab, string name)
    {
        var store = SnapshotStore.Open(lab.Store, lab.Clock, createIfMissing: false);
        using var reader = store.OpenReader(store.Find(name));
        Assert.Empty((await reader.VerifyAsync(progress: null, Token)).Findings);
        var lines = new List<string>();
        foreach (var collection in reader.Manifest.Collections)
        {
            await foreach (var block in reader.ReadDocumentsAsync(collection, Token))
            {
                using (block)
                {
                    lines.AddRange(Encoding.UTF8.GetString(block.Lines.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => $"{collection.Name} {line}"));
                }
            }
        }

        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    public static async Task SpoilAsync(string path, Action<byte[]> change, int cut = 0)
    {
        var content = await File.ReadAllBytesAsync(path, Token);
        change(content);
        File.Delete(path);
        await File.WriteAllBytesAsync(path, content[..^cut], Token);
    }

    public static List<int> LinkCounts(CreateSnapshotResult snapshot, string folder) =>
        [.. Directory.GetFiles(snapshot.Path, "*", SearchOption.AllDirectories).Where(path => path.Contains(folder, StringComparison.Ordinal)).Select(LinkCount)];

    private static int LinkCount(string path)
    {
        using var stat = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("stat", ["-c", "%h", path]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        return int.Parse(stat.StandardOutput.ReadToEnd(), System.Globalization.CultureInfo.InvariantCulture);
    }
}

/// <summary>A clock that stands still until it is set.</summary>
internal sealed class MovableTime : TimeProvider
{
    public DateTimeOffset Now { get; set; } = new(2026, 11, 23, 2, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;
}
