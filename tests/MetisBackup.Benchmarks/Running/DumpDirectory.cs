namespace MetisBackup.Benchmarks.Running;

/// <summary>An export as <c>arangodump</c> makes it, uncompressed so that deduplicating programs see the documents.</summary>
internal sealed class DumpDirectory(ServerProcess server, string database, string folder)
{
    private const int ChunkSize = 32 * 1024 * 1024;

    public string Folder { get; } = folder;

    /// <summary>Writes every collection anew, under the same names as before.</summary>
    public async Task WriteAsync(IReadOnlyList<string> collections)
    {
        var batch = await ServerBatch.OpenAsync(server, database);
        foreach (var collection in collections)
        {
            await using var file = File.Create(Path.Combine(Folder, $"{collection}.data.json"));
            for (var more = true; more;)
            {
                var path = $"/_db/{database}/_api/replication/dump?collection={collection}&batchId={batch.Id}&useEnvelope=false&chunkSize={ChunkSize}&docsPerBatch=10000000";
                using var answer = await server.Client.GetAsync(new Uri(path, UriKind.Relative));
                await answer.Content.CopyToAsync(file);
                more = answer.Headers.GetValues("x-arango-replication-checkmore").Single() == "true";
            }
        }

        await batch.CloseAsync();
    }
}
