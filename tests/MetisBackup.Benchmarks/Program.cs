using System.Globalization;
using MetisBackup.Benchmarks.Running;
using MetisBackup.Benchmarks.Scenarios;

namespace MetisBackup.Benchmarks;

/// <summary>Scenario runner: <c>metis-bench create|restore|incremental|start|dr|all [--documents N] [--snapshots N] [--rounds N]</c>; the executable comes from METIS_BACKUP_EXE.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        var scenario = args.Length > 0 ? args[0] : "all";
        var options = new BenchOptions(
            Executable: Environment.GetEnvironmentVariable("METIS_BACKUP_EXE") ?? throw new InvalidOperationException("METIS_BACKUP_EXE is not set; start this through ./bench"),
            Documents: Number(args, "--documents", 1_000_000),
            EmbeddingDocuments: Number(args, "--embeddings", 100_000),
            Rounds: Number(args, "--rounds", 3),
            Snapshots: Number(args, "--snapshots", 10_000),
            SnapshotsInMachine: args.Contains("--snapshots") ? Number(args, "--snapshots", 0) : null);
        Console.WriteLine($"machine: {Environment.ProcessorCount} cores; {options.Documents:N0} documents; rounds: {options.Rounds}, medians are shown");
        using var workspace = new Workspace();
        var missed = scenario switch
        {
            "create" => await CreateScenario.RunAsync(options, workspace),
            "restore" => await RestoreScenario.RunAsync(options, workspace),
            "dr" => await DrScenario.RunAsync(options, workspace),
            "start" => await StartScenario.RunAsync(options, workspace),
            "incremental" => await IncrementalScenario.RunAsync(options, workspace),
            "all" => await StartScenario.RunAsync(options, workspace) + await CreateScenario.RunAsync(options, workspace) + await RestoreScenario.RunAsync(options, workspace)
                + await IncrementalScenario.RunAsync(options, workspace),
            _ => throw new InvalidOperationException($"unknown scenario '{scenario}': create, restore, incremental, start, dr, all"),
        };
        Console.WriteLine(missed == 0 ? "every bar met" : string.Create(CultureInfo.InvariantCulture, $"{missed} bar(s) missed"));
        return missed == 0 ? 0 : 1;
    }

    private static int Number(string[] args, string name, int fallback)
    {
        var at = Array.IndexOf(args, name);
        return at >= 0 ? int.Parse(args[at + 1], CultureInfo.InvariantCulture) : fallback;
    }
}

/// <summary>What every scenario needs to know.</summary>
/// <param name="Executable">Path of the published <c>metis-backup</c>.</param>
/// <param name="Documents">Documents of about 1 KB, over four collections.</param>
/// <param name="EmbeddingDocuments">Documents with a 384-number embedding, in a database of their own.</param>
/// <param name="Rounds">How often each timed step runs; the median counts.</param>
/// <param name="Snapshots">Snapshots of the DR tier.</param>
/// <param name="SnapshotsInMachine">The same in the slow virtual machine; null for as many as it makes in reasonable time.</param>
internal sealed record BenchOptions(string Executable, int Documents, int EmbeddingDocuments, int Rounds, int Snapshots, int? SnapshotsInMachine);
