using MetisBackup.Storage.Processes;

namespace MetisBackup.UnitTests.Storage.Zfs;

/// <summary>What the commands of one version of ZFS answered: <c>### id | command</c>, <c>rc=</c>, <c>O:</c> standard output, <c>E:</c> standard error.</summary>
internal sealed class Recording
{
    private readonly Dictionary<string, ProcessResult> _answers = new(StringComparer.Ordinal);

    private Recording()
    {
    }

    public static TheoryData<string> Versions => ["zfs-fuse-0.7.0", "openzfs-2.1.11", "openzfs-2.3.2"];

    public ProcessResult this[string id] => _answers[id];

    /// <summary>The first answer to a command; null when it was not recorded.</summary>
    public ProcessResult? To(string command) => _answers.GetValueOrDefault("$ " + command);

    public static Recording Of(string version)
    {
        var folder = Environment.GetEnvironmentVariable("METIS_ZFS_RECORDINGS") ?? Path.Combine(SharedData.RepositoryRoot, "..", "shared", "reference", "zfs-recorded");
        var path = Path.GetFullPath(Path.Combine(folder, version + ".txt"));
        Assert.SkipUnless(File.Exists(path), "needs recorded output of zfs commands (set METIS_ZFS_RECORDINGS)");
        var recording = new Recording();
        foreach (var block in File.ReadAllText(path).Split("### ", StringSplitOptions.RemoveEmptyEntries))
        {
            var lines = block.Split('\n');
            var head = lines[0].Split(" | ", 2);
            var code = int.Parse(lines.First(static line => line.StartsWith("rc=", StringComparison.Ordinal))[3..], System.Globalization.CultureInfo.InvariantCulture);
            var result = new ProcessResult(code, Joined(lines, "O: "), Joined(lines, "E: "));
            recording._answers[head[0]] = result;
            recording._answers.TryAdd("$ " + head[1], result);
        }

        return recording;
    }

    private static string Joined(string[] lines, string prefix) =>
        string.Concat(lines.Where(line => line.StartsWith(prefix, StringComparison.Ordinal)).Select(line => line[prefix.Length..] + "\n"));
}
