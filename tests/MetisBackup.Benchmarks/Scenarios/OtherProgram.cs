using MetisBackup.Benchmarks.Running;

namespace MetisBackup.Benchmarks.Scenarios;

/// <summary>Another backup program with a deduplicating repository, set to its own compression and to no encryption where it can do without.</summary>
internal sealed class OtherProgram
{
    private readonly string[] _initialize;
    private readonly Func<string, string[]> _backUp;

    private OtherProgram(string name, string repository, string[] initialize, Func<string, string[]> backUp) =>
        (Name, Repository, _initialize, _backUp) = (name, repository, initialize, backUp);

    public string Name { get; }

    public string Repository { get; }

    /// <summary>Time of all backups so far.</summary>
    public double Seconds { get; private set; }

    public static OtherProgram Restic(Workspace workspace)
    {
        var repository = workspace.Folder("restic");
        Environment.SetEnvironmentVariable("RESTIC_PASSWORD", "benchmark");
        return new OtherProgram(
            "restic", repository, ["init", "--repo", repository, "--no-cache"], folder => ["backup", "--repo", repository, "--no-cache", "--quiet", folder]);
    }

    public static OtherProgram Borg(Workspace workspace)
    {
        var repository = workspace.Folder("borg");
        Environment.SetEnvironmentVariable("BORG_BASE_DIR", workspace.Folder("borg-home"));
        Environment.SetEnvironmentVariable("BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK", "yes");
        var archive = 0;
        return new OtherProgram(
            "borg", repository, ["init", "--encryption", "none", repository], folder => ["create", "--compression", "zstd,1", $"{repository}::state{archive++}", folder]);
    }

    public static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));

    public Task InitializeAsync() => MeteredProcess.RunAsync(Name, _initialize);

    public async Task BackUpAsync(string folder) => Seconds += (await MeteredProcess.RunAsync(Name, _backUp(folder))).Seconds;
}
