using System.Net.Http.Headers;
using System.Text;
using MetisBackup.Benchmarks.Running;

namespace MetisBackup.Benchmarks.Data;

/// <summary>Fills databases of the embedded server over HTTP.</summary>
internal static class DatabaseLoader
{
    private const int BatchSize = 2000;

    /// <summary>The collections of a database of articles.</summary>
    public static readonly IReadOnlyList<string> ArticleCollections = ["papers", "reviews", "chunks", "notes"];

    /// <summary>Creates a database with documents of about 1 KB, spread evenly over four collections.</summary>
    public static Task LoadArticlesAsync(ServerProcess server, string database, int documents) =>
        LoadAsync(server, database, ArticleCollections, documents / 4, (generator, text, number) => generator.AppendArticle(text, number));

    /// <summary>Changes some attributes of documents chosen at random, the same share of each collection.</summary>
    public static async Task ChangeArticlesAsync(ServerProcess server, string database, int documents, double share, int seed)
    {
        var each = documents / ArticleCollections.Count;
        foreach (var collection in ArticleCollections)
        {
            var generator = new DocumentGenerator(seed++);
            var numbers = Enumerable.Range(0, each).ToArray();
            new Random(seed).Shuffle(numbers);
            foreach (var chosen in numbers.Take((int)(each * share)).Chunk(BatchSize))
            {
                await SendBatchAsync(server, HttpMethod.Patch, $"/_db/{database}/_api/document/{collection}?silent=true", chosen, generator.AppendRevision);
            }
        }
    }

    /// <summary>Adds documents behind those that are there, the same number to each collection.</summary>
    public static async Task AppendArticlesAsync(ServerProcess server, string database, int documents, double share, int seed)
    {
        var each = documents / ArticleCollections.Count;
        foreach (var collection in ArticleCollections)
        {
            var generator = new DocumentGenerator(seed++);
            foreach (var added in Enumerable.Range(each, (int)(each * share)).Chunk(BatchSize))
            {
                await SendBatchAsync(server, HttpMethod.Post, $"/_db/{database}/_api/document/{collection}?silent=true", added, generator.AppendArticle);
            }
        }
    }

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

    private static async Task LoadAsync(
        ServerProcess server, string database, IReadOnlyList<string> collections, int each, Action<DocumentGenerator, StringBuilder, int> append)
    {
        await SendAsync(server, HttpMethod.Post, "/_api/database", $$"""{"name":"{{database}}"}""");
        var seed = 1;
        foreach (var collection in collections)
        {
            await SendAsync(server, HttpMethod.Post, $"/_db/{database}/_api/collection", $$"""{"name":"{{collection}}"}""");
            var generator = new DocumentGenerator(seed++);
            foreach (var numbers in Enumerable.Range(0, each).Chunk(BatchSize))
            {
                await SendBatchAsync(
                    server, HttpMethod.Post, $"/_db/{database}/_api/document/{collection}?silent=true", numbers, (text, number) => append(generator, text, number));
            }
        }
    }

    private static Task SendBatchAsync(ServerProcess server, HttpMethod method, string path, int[] numbers, Action<StringBuilder, int> append)
    {
        var text = new StringBuilder("[");
        foreach (var number in numbers)
        {
            text.Append(text.Length > 1 ? "," : "");
            append(text, number);
        }

        return SendAsync(server, method, path, text.Append(']').ToString());
    }
}
