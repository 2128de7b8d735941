using System.Diagnostics;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Snapshots;
using MetisBackup.Storage.Store;

namespace MetisBackup.UnitTests.Storage.Store;

public sealed class DamageTests
{
    [Theory]
    [InlineData("metadata.json")]
    [InlineData("manifest.json")]
    [InlineData("SHA256SUMS")]
    [InlineData("structure/*.json")]
    [InlineData("segments/*/*.jsonl.zst")]
    [InlineData("segments/*/*.revs")]
    [InlineData("excluded/*/*.excl")]
    public async Task Any_single_damaged_byte_is_found_and_the_file_named(string pattern)
    {
        using var fixture = new StoreFixture();
        var parent = await fixture.CreateAsync("first", ("c", StoreFixture.Lines(0, 30)));
        var entry = SharingFixture.Share(fixture, parent, "metis_20261124_020000_next", 3, 4);
        var file = FindFile(entry, pattern);
        var relative = Path.GetRelativePath(entry.Path, file);
        var whole = File.ReadAllBytes(file);
        var step = Math.Max(1, whole.Length / 150);
        for (var position = 0; position < whole.Length; position += step)
        {
            var damaged = whole.ToArray();
            damaged[position] ^= 0x10;
            Overwrite(file, damaged);
            var found = await FaultsAsync(fixture, entry);
            Assert.True(found.Any(message => message.Contains(relative, StringComparison.Ordinal)), $"byte {position} of {relative}: {string.Join(" / ", found)}");
        }
    }

    [Theory]
    [InlineData("segments/*/*.jsonl.zst")]
    [InlineData("segments/*/*.revs")]
    [InlineData("structure/*.json")]
    [InlineData("manifest.json")]
    public async Task A_truncated_or_missing_file_is_found_and_named(string pattern)
    {
        using var fixture = new StoreFixture();
        var entry = await fixture.CreateAsync("first", ("c", StoreFixture.Lines(0, 30)));
        var file = FindFile(entry, pattern);
        var relative = Path.GetRelativePath(entry.Path, file);
        var whole = File.ReadAllBytes(file);
        foreach (var length in new[] { whole.Length - 1, whole.Length / 2, 0 })
        {
            Overwrite(file, whole[..length]);
            Assert.Contains(await FaultsAsync(fixture, entry), message => message.Contains(relative, StringComparison.Ordinal));
        }

        File.Delete(file);
        Assert.Contains(await FaultsAsync(fixture, entry), message => message.Contains(relative, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_that_nobody_vouches_for_is_found()
    {
        using var fixture = new StoreFixture();
        var entry = await fixture.CreateAsync("first", ("c", StoreFixture.Lines(0, 30)));
        File.WriteAllText(Path.Combine(entry.Path, "segments", "stray"), "x");
        Assert.Contains(await FaultsAsync(fixture, entry), message => message.Contains("segments/stray", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Verification_goes_on_after_a_fault_and_reports_all()
    {
        using var fixture = new StoreFixture();
        var entry = await fixture.CreateAsync("first", ("a", StoreFixture.Lines(0, 30)), ("b", StoreFixture.Lines(30, 30)), ("c", StoreFixture.Lines(60, 30)));
        foreach (var name in new[] { "a", "c" })
        {
            var file = Directory.GetFiles(Path.Combine(entry.Path, "segments"), "*.zst", SearchOption.AllDirectories).Single(path => path.Contains($"/{name}-", StringComparison.Ordinal));
            var content = File.ReadAllBytes(file);
            content[content.Length / 2] ^= 1;
            Overwrite(file, content);
        }

        using var reader = fixture.Store.OpenReader(entry);
        var report = await reader.VerifyAsync(progress: null, StoreFixture.Token);
        Assert.Equal(["a", "c"], report.Findings.Select(finding => finding.Collection).OfType<string>().Distinct().Order());
        Assert.DoesNotContain(report.Findings, finding => finding.Message.Contains("/b-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Reading_a_damaged_segment_fails_before_a_wrong_byte_gets_out()
    {
        using var fixture = new StoreFixture();
        var lines = StoreFixture.Lines(0, 6_000, new string('x', 900));
        var entry = await fixture.CreateAsync("first", ("c", lines));
        var file = FindFile(entry, "segments/*/*.jsonl.zst");
        var content = File.ReadAllBytes(file);
        content[content.Length / 2] ^= 1;
        Overwrite(file, content);
        using var reader = fixture.Store.OpenReader(entry);
        var read = new MemoryStream();
        var error = await Assert.ThrowsAsync<MetisException>(async () =>
        {
            await foreach (var block in reader.ReadDocumentsAsync(reader.Manifest.Collections[0], StoreFixture.Token))
            {
                using (block)
                {
                    read.Write(block.Lines.Span);
                }
            }
        });
        Assert.Equal(ErrorCode.VerificationFailed, error.Code);
        Assert.Contains(file, error.Message, StringComparison.Ordinal);
        Assert.True(lines.AsSpan().StartsWith(read.ToArray()));
    }

    [Fact]
    public async Task Segments_that_changed_places_are_found()
    {
        using var fixture = new StoreFixture();
        var entry = await fixture.CreateAsync("first", ("a", StoreFixture.Lines(0, 30)), ("b", StoreFixture.Lines(30, 30)));
        var files = Directory.GetFiles(Path.Combine(entry.Path, "segments"), "*.zst", SearchOption.AllDirectories);
        var (left, right) = (File.ReadAllBytes(files[0]), File.ReadAllBytes(files[1]));
        Overwrite(files[0], right);
        Overwrite(files[1], left);
        Assert.True((await FaultsAsync(fixture, entry)).Count >= 2);
    }

    [Fact]
    public async Task A_manifest_of_a_newer_schema_is_refused_as_such()
    {
        using var fixture = new StoreFixture();
        var entry = await fixture.CreateAsync("first", ("c", StoreFixture.Lines(0, 3)));
        var manifest = Path.Combine(entry.Path, "manifest.json");
        Overwrite(manifest, System.Text.Encoding.UTF8.GetBytes(File.ReadAllText(manifest).Replace("\"schema\": 2", "\"schema\": 3", StringComparison.Ordinal)));
        var error = Assert.Throws<MetisException>(() => fixture.Store.OpenReader(entry));
        Assert.Equal(ErrorCode.Usage, error.Code);
        Assert.Contains("newer version of metis-backup (schema 3)", error.Message, StringComparison.Ordinal);
        Assert.Contains("install", error.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("segments")]
    [InlineData("manifest.json")]
    [InlineData("metadata.json")]
    public async Task A_symbolic_link_is_refused_and_not_followed(string part)
    {
        using var fixture = new StoreFixture();
        var entry = await fixture.CreateAsync("first", ("c", StoreFixture.Lines(0, 3)));
        var path = Path.Combine(entry.Path, part);
        var away = Path.Combine(fixture.Store.Path, "away");
        Directory.Move(path, away);
        File.CreateSymbolicLink(path, away);
        var error = Assert.Throws<MetisException>(() => fixture.Store.OpenReader(entry));
        Assert.Equal(ErrorCode.VerificationFailed, error.Code);
        Assert.Contains($"'{path}' is a symbolic link", error.Message, StringComparison.Ordinal);
        Assert.Equal(part == "metadata.json" ? SnapshotState.Damaged : SnapshotState.Complete, fixture.Store.List(database: null).Single(one => one.Name == entry.Name).State);
    }

    [Fact]
    public async Task A_symbolic_link_that_nobody_vouches_for_is_found_and_not_followed()
    {
        using var fixture = new StoreFixture();
        var entry = await fixture.CreateAsync("first", ("c", StoreFixture.Lines(0, 3)));
        File.CreateSymbolicLink(Path.Combine(entry.Path, "segments", "out"), "/");
        Assert.Equal("'segments/out' does not belong to the snapshot: SHA256SUMS does not list it.", Assert.Single(await FaultsAsync(fixture, entry)));
    }

    [Fact]
    public async Task A_manifest_that_forgets_a_collection_is_damaged()
    {
        using var fixture = new StoreFixture();
        var entry = await fixture.CreateAsync("first", ("a", StoreFixture.Lines(0, 3)), ("b", StoreFixture.Lines(3, 3)));
        Replace(entry, "manifest.json", text =>
        {
            var manifest = System.Text.Json.Nodes.JsonNode.Parse(text)!;
            manifest["collections"]!.AsArray().RemoveAt(1);
            return manifest.ToJsonString();
        });
        Assert.Contains("it does not name 'segments/", Assert.Single(await FaultsAsync(fixture, entry)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_definition_of_something_else_is_found()
    {
        using var fixture = new StoreFixture();
        var entry = await fixture.CreateAsync("first", ("a", StoreFixture.Lines(0, 3)));
        var structure = Path.GetRelativePath(entry.Path, FindFile(entry, "structure/*.json"));
        Replace(entry, structure, text => text.Replace("\"name\":\"a\"", "\"name\":\"z\"", StringComparison.Ordinal));
        Assert.Contains("defines something else", Assert.Single(await FaultsAsync(fixture, entry)), StringComparison.Ordinal);
        Replace(entry, structure, _ => "[]");
        Assert.Contains("is no definition", Assert.Single(await FaultsAsync(fixture, entry)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Standard_tools_check_and_read_a_snapshot()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/sha256sum") && File.Exists("/usr/bin/zstdcat"), "needs sha256sum and zstd");
        using var fixture = new StoreFixture();
        var lines = StoreFixture.Lines(0, 3_000, new string('x', 900));
        var entry = await fixture.CreateAsync("first", ("c", lines));
        var (status, output) = await RunAsync(entry.Path, "sha256sum -c --strict SHA256SUMS");
        Assert.Equal(0, status);
        Assert.Equal(5, output.Split('\n').Count(line => line.EndsWith(": OK", StringComparison.Ordinal)));
        (status, output) = await RunAsync(entry.Path, "zstdcat segments/*/*.jsonl.zst");
        Assert.Equal(0, status);
        Assert.Equal(System.Text.Encoding.UTF8.GetString(lines), output);
    }

    private static async Task<(int Status, string Output)> RunAsync(string folder, string command)
    {
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command]) { WorkingDirectory = folder, RedirectStandardOutput = true, UseShellExecute = false })!;
        var output = await process.StandardOutput.ReadToEndAsync(StoreFixture.Token);
        await process.WaitForExitAsync(StoreFixture.Token);
        return (process.ExitCode, output);
    }

    private static string FindFile(SnapshotEntry entry, string pattern)
    {
        var parts = pattern.Split('/');
        IEnumerable<string> folders = [entry.Path];
        foreach (var part in parts[..^1])
        {
            folders = folders.SelectMany(folder => Directory.GetDirectories(folder, part));
        }

        return folders.SelectMany(folder => Directory.GetFiles(folder, parts[^1])).Single();
    }

    /// <summary>Changes a file and the hashes with it, as somebody would who means harm.</summary>
    private static void Replace(SnapshotEntry entry, string relative, Func<string, string> change)
    {
        var sums = Path.Combine(entry.Path, HashList.FileName);
        var list = HashList.Parse(File.ReadAllBytes(sums));
        var content = System.Text.Encoding.UTF8.GetBytes(change(File.ReadAllText(Path.Combine(entry.Path, relative))));
        Overwrite(Path.Combine(entry.Path, relative), content);
        list.Set(relative, System.Security.Cryptography.SHA256.HashData(content));
        Overwrite(sums, list.Write());
    }

    private static void Overwrite(string file, byte[] content)
    {
        File.Delete(file);
        File.WriteAllBytes(file, content);
    }

    /// <summary>What the listing, opening, verification and reading say.</summary>
    private static async Task<IReadOnlyList<string>> FaultsAsync(StoreFixture fixture, SnapshotEntry entry)
    {
        var listed = fixture.Store.Find(entry.Name);
        if (listed.State == SnapshotState.Damaged)
        {
            return [listed.Problem!];
        }

        try
        {
            using var reader = fixture.Store.OpenReader(listed);
            var report = await reader.VerifyAsync(progress: null, StoreFixture.Token);
            return [.. report.Findings.Select(finding => finding.Message)];
        }
        catch (MetisException error) when (error.Code is ErrorCode.VerificationFailed or ErrorCode.Usage)
        {
            return [error.Message];
        }
    }
}
