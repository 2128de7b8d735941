using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MetisBackup.IntegrationTests.Replication;

/// <summary>Short forms of the calls that replication tests make, spoken by a plain HTTP client.</summary>
internal sealed class ReplicationClient(HttpClient http, string database = "_system")
{
    public const string AllIds = """[["_","N9999999998"]]""";

    public async Task<Answer> SendAsync(string method, string path, string? body = null, string? user = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), $"/_db/{Uri.EscapeDataString(database)}{path}");
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        }

        if (user is not null)
        {
            request.Headers.Add("Authorization", $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(user))}");
        }

        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var headers = response.Headers.Concat(response.Content.Headers)
            .ToDictionary(header => header.Key, header => string.Join(',', header.Value), StringComparer.OrdinalIgnoreCase);
        return new Answer(response.StatusCode, headers, text);
    }

    public ReplicationClient In(string other) => new(http, other);

    public async Task CreateCollectionAsync(string name, string options = "{}")
    {
        var body = JsonNode.Parse(options)!.AsObject();
        body["name"] = name;
        (await SendAsync("POST", "/_api/collection", body.ToJsonString())).Expect(200);
    }

    public async Task CreateDatabaseAsync(string name) =>
        (await new ReplicationClient(http).SendAsync("POST", "/_api/database", $$"""{"name":"{{name}}"}""")).Expect(201);

    public async Task InsertAsync(string collection, int from, int count, string attributes = "")
    {
        var documents = Enumerable.Range(from, count).Select(number => $$"""{"_key":"k{{number}}","n":{{number}}{{attributes}}}""");
        (await SendAsync("POST", $"/_api/document/{collection}", $"[{string.Join(',', documents)}]")).Expect(202);
    }

    /// <summary>Writes documents with these revisions, keys k0, k1, ….</summary>
    public async Task InsertRevisionsAsync(string collection, params string[] revisions)
    {
        var documents = revisions.Select((revision, number) => $$"""{"_key":"k{{number}}","_rev":"{{revision}}"}""");
        (await SendAsync("POST", $"/_api/document/{collection}?isRestore=true", $"[{string.Join(',', documents)}]")).Expect(202);
    }

    public async Task<string> OpenBatchAsync(double seconds = 600, string more = "")
    {
        var ttl = seconds.ToString(CultureInfo.InvariantCulture);
        return (await SendAsync("POST", "/_api/replication/batch", $$"""{"ttl":{{ttl}}{{more}}}""")).Expect(200).Json["id"]!.GetValue<string>();
    }

    public async Task<JsonNode> InventoryAsync(string batch, string more = "") =>
        (await SendAsync("GET", $"/_api/replication/inventory?batchId={batch}{more}")).Expect(200).Json;

    public Task<Answer> DumpAsync(string batch, string collection, string more = "") =>
        SendAsync("GET", $"/_api/replication/dump?batchId={batch}&collection={collection}&useEnvelope=false{more}");

    public Task<Answer> TreeAsync(string batch, string collection, string more = "&onlyPopulated=true") =>
        SendAsync("GET", $"/_api/replication/revisions/tree?batchId={batch}&collection={collection}{more}");

    public Task<Answer> RangesAsync(string batch, string collection, string body = AllIds, string more = "&encodeAsHLC=true") =>
        SendAsync("PUT", $"/_api/replication/revisions/ranges?batchId={batch}&collection={collection}{more}", body);

    public Task<Answer> DocumentsAsync(string batch, string collection, IEnumerable<string> revisions, string more = "&encodeAsHLC=true") =>
        SendAsync(
            "PUT",
            $"/_api/replication/revisions/documents?batchId={batch}&collection={collection}{more}",
            $"[{string.Join(',', revisions.Select(revision => $"\"{revision}\""))}]");

    public async Task<long> CountAsync(string collection) =>
        (await SendAsync("GET", $"/_api/collection/{collection}/count")).Expect(200).Json["count"]!.GetValue<long>();
}

/// <summary>One answer, read to its end.</summary>
internal sealed record Answer(HttpStatusCode Status, IReadOnlyDictionary<string, string> Headers, string Text)
{
    public JsonNode Json => JsonNode.Parse(Text) ?? throw new JsonException("null");

    public int ErrorNumber => Json["errorNum"]!.GetValue<int>();

    public IReadOnlyList<JsonNode> Lines => [.. Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];

    public IEnumerable<string> Keys => Lines.Select(line => line["_key"]!.GetValue<string>());

    /// <summary>Status and errorNum of an error.</summary>
    public (int Status, int ErrorNumber) Error => ((int)Status, ErrorNumber);

    public Answer Expect(int status)
    {
        Assert.True((int)Status == status, $"{(int)Status} instead of {status}: {Text}");
        return this;
    }
}
