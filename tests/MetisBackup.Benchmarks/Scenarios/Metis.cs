using System.Text.Json;
using MetisBackup.Benchmarks.Running;

namespace MetisBackup.Benchmarks.Scenarios;

/// <summary>The product under test, as a process.</summary>
internal sealed class Metis(BenchOptions options, ServerProcess server, string store)
{
    public Task<Cost> CreateAsync(string database) => RunAsync("create", "bench", "--database", database);

    public Task<Cost> CreateFullAsync(string database) => RunAsync("create", "bench", "--database", database, "--full");

    public Task<Cost> RestoreInPlaceAsync(string name) => RunAsync("restore", name, "--yes");

    /// <summary>The name of the snapshot that a run of create made.</summary>
    public static string NameOf(Cost create)
    {
        using var json = JsonDocument.Parse(create.Output);
        return json.RootElement.GetProperty("name").GetString()!;
    }

    public Task<Cost> RestoreAsync(string name, string into) => RunAsync("restore", name, "--into", into, "--yes");

    public Task<Cost> RunAsync(params string[] arguments) =>
        MeteredProcess.RunAsync(options.Executable, [.. arguments, "--endpoint", server.Endpoint, "--store", store, "--json", "--quiet"]);
}
