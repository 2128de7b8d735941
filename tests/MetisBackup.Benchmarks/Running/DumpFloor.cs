using System.Globalization;

namespace MetisBackup.Benchmarks.Running;

/// <summary>The floor: the same documents read from the same server by <c>curl</c>, into nothing and through <c>zstd -1 -T0</c>.</summary>
internal sealed class DumpFloor(ServerProcess server, string database)
{
    private const int ChunkSize = 32 * 1024 * 1024;

    private readonly List<(string Collection, int Chunks)> _plan = [];

    /// <summary>Bytes of all documents as the server sends them.</summary>
    public long Bytes { get; private set; }

    /// <summary>Reads everything once to learn how many chunks each collection has.</summary>
    public async Task PlanAsync(IReadOnlyList<string> collections)
    {
        var batch = await ServerBatch.OpenAsync(server, database);
        foreach (var collection in collections)
        {
            var chunks = 0;
            for (var more = true; more; chunks++)
            {
                using var answer = await server.Client.GetAsync(new Uri(Path(batch.Id, collection), UriKind.Relative));
                Bytes += (await answer.Content.ReadAsByteArrayAsync()).LongLength;
                more = answer.Headers.GetValues("x-arango-replication-checkmore").Single() == "true";
            }

            _plan.Add((collection, chunks));
        }

        await batch.CloseAsync();
    }

    /// <summary>Reads everything by curl, piped into a command of the shell, and meters the whole.</summary>
    public async Task<Cost> RunAsync(string sink)
    {
        var batch = await ServerBatch.OpenAsync(server, database);
        var reads = _plan.Select(part => string.Create(CultureInfo.InvariantCulture, $"'{server.Endpoint}{Path(batch.Id, part.Collection)}&n=[1-{part.Chunks}]'"));
        var cost = await MeteredProcess.RunAsync("/bin/sh", ["-c", $"curl -s {string.Join(' ', reads)} {sink}"]);
        await batch.CloseAsync();
        return cost;
    }

    private string Path(string batch, string collection) =>
        $"/_db/{database}/_api/replication/dump?collection={collection}&batchId={batch}&useEnvelope=false&chunkSize={ChunkSize}&docsPerBatch=10000000";
}
