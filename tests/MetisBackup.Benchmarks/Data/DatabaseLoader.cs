using System.Net.Http.Headers;
using System.Text;
using MetisBackup.Benchmarks.Running;

namespace MetisBackup.Benchmarks.Data;

/// <summary>Fills databases of the embedded server over HTTP.</summary>
internal static class DatabaseLoader
{
    private const int BatchSize = 2000;

    /// <summary>Creates a database with documents of about 1 KB, spread evenly over four collections.</summary>
    public static Task LoadArticlesAsync(ServerProcess server, string database, int documents) =>
        LoadAsync(server, database, ["papers", "reviews", "chunks", "notes"], documents / 4, (generator, text, number) => generator.AppendArticle(text, number));

    /// <summary>Creates a database whose documents carry embeddings.</summary>
    public static Task LoadEmbeddingsAsync(ServerProcess server, string database, int documents) =>
        LoadAsync(server, database, ["embeddings"], documents, (generator, text, number) => generator.AppendEmbedding(text, number));

    /// <summary>Sends a JSON request and throws unless it succeeds.</summary>
    public static async Task SendAsync(ServerProcess server, HttpMethod method, string path, string? body)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        }

        using var answer = await server.Client.SendAsync(request);
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"{method} {path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        }
    }

    private static async Task LoadAsync(ServerProcess server, string database, string[] collections, int each, Action<DocumentGenerator, StringBuilder, int> append)
    {
        await SendAsync(server, HttpMethod.Post, "/_api/database", $$"""{"name":"{{database}}"}""");
        var seed = 1;
        foreach (var collection in collections)
        {
            await SendAsync(server, HttpMethod.Post, $"/_db/{database}/_api/collection", $$"""{"name":"{{collection}}"}""");
            var generator = new DocumentGenerator(seed++);
            for (var first = 0; first < each; first += BatchSize)
            {
                var text = new StringBuilder("[");
                for (var number = first; number < Math.Min(first + BatchSize, each); number++)
                {
                    text.Append(number > first ? "," : "");
                    append(generator, text, number);
                }

                await SendAsync(server, HttpMethod.Post, $"/_db/{database}/_api/document/{collection}?silent=true", text.Append(']').ToString());
            }
        }
    }
}
