using System.IO.Compression;
using System.Net.Sockets;
using System.Text;
using MetisBackup.DevServer.Faults;

namespace MetisBackup.IntegrationTests.DevServer;

/// <summary>What the server does with every request, whatever its path.</summary>
public sealed class HostingTests(DevServerFixture server) : IClassFixture<DevServerFixture>
{
    private readonly HttpClient _client = server.Client;

    [Fact]
    public async Task An_unknown_path_is_404_and_a_wrong_method_405()
    {
        var unknown = await _client.CallAsync("GET /_api/nothing");
        Assert.Equal((404, 404), (unknown.Status, unknown.ErrorNumber));
        Assert.Equal("""{"code":404,"error":true,"errorMessage":"unknown path '/_api/nothing'","errorNum":404}""", unknown.Text);

        var method = await _client.CallAsync("PATCH /_api/collection");
        Assert.Equal((405, 405), (method.Status, method.ErrorNumber));
    }

    [Fact]
    public async Task Every_answer_has_the_headers_of_the_real_server()
    {
        var answer = await _client.CallAsync("GET /_api/version");

        Assert.Equal("ArangoDB", answer.Header("Server"));
        Assert.Equal("nosniff", answer.Header("X-Content-Type-Options"));
        Assert.Equal("no-cache", answer.Header("Pragma"));
        Assert.Equal("max-age=31536000 ; includeSubDomains", answer.Header("Strict-Transport-Security"));
        Assert.Equal("frame-ancestors 'self'; form-action 'self';", answer.Header("Content-Security-Policy"));
        Assert.Equal("0.000000", answer.Header("x-arango-queue-time-seconds"));
        Assert.Contains("no-store", answer.Header("Cache-Control"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task Answers_are_packed_for_clients_that_ask(string encoding)
    {
        var collection = await _client.NewCollectionAsync();
        var text = new string('x', 5000);
        await _client.CallAsync($"POST /_api/document/{collection}", $$"""{"_key":"k","text":"{{text}}"}""");
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/_api/document/{collection}/k");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", $"br, {encoding};q=0.5");

        using var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(encoding, Assert.Single(response.Content.Headers.ContentEncoding));
        Assert.InRange(response.Content.Headers.ContentLength ?? 0, 1, 1000);
        await using var packed = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        await using Stream stream = encoding == "gzip" ? new GZipStream(packed, CompressionMode.Decompress) : new ZLibStream(packed, CompressionMode.Decompress);
        using var reader = new StreamReader(stream);
        Assert.Contains(text, await reader.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_database_is_404_E1228()
    {
        var answer = await _client.CallAsync("GET /_db/none/_api/collection");

        Assert.Equal((404, 1228), (answer.Status, answer.ErrorNumber));
    }

    [Fact]
    public async Task Names_are_percent_decoded_after_the_path_is_split()
    {
        var name = "büro & co ☕";
        var encoded = Uri.EscapeDataString(name);
        Assert.Equal(200, (await _client.CallAsync("POST /_api/collection", $$"""{"name":"{{name}}"}""")).Status);

        var saved = await _client.CallAsync($"POST /_api/document/{encoded}", """{"_key":"a@b:c"}""");
        Assert.Equal($"{name}/a@b:c", saved["_id"].GetString());

        var read = await _client.CallAsync($"GET /_api/document/{encoded}/a%40b%3Ac");
        Assert.Equal("a@b:c", read["_key"].GetString());
        Assert.Equal(200, (await _client.CallAsync($"DELETE /_api/collection/{encoded}")).Status);
    }

    [Fact]
    public async Task Head_has_the_length_of_the_body_and_no_body()
    {
        var collection = await _client.NewCollectionAsync();
        await _client.CallAsync($"POST /_api/document/{collection}", """{"_key":"a"}""");
        using var request = new HttpRequestMessage(HttpMethod.Head, $"/_api/document/{collection}/a");

        using var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);

        var get = await _client.CallAsync($"GET /_api/document/{collection}/a");
        Assert.Equal(Encoding.UTF8.GetByteCount(get.Text), response.Content.Headers.ContentLength);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal(get.Header("ETag"), response.Headers.ETag?.ToString());
    }

    [Fact]
    public async Task A_chunked_request_body_is_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/_api/collection") { Content = new StringContent("{}") };
        request.Headers.TransferEncodingChunked = true;

        using var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(501, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task A_packed_request_body_is_unpacked(string encoding)
    {
        var name = $"packed_{encoding}";
        var packed = new MemoryStream();
        await using (Stream stream = encoding == "gzip"
            ? new GZipStream(packed, CompressionMode.Compress, leaveOpen: true)
            : new ZLibStream(packed, CompressionMode.Compress, leaveOpen: true))
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes($$"""{"name":"{{name}}"{{new string(' ', 200_000)}}}"""), TestContext.Current.CancellationToken);
        }

        using var content = new ByteArrayContent(packed.ToArray());
        content.Headers.ContentEncoding.Add(encoding);
        using var response = await _client.PostAsync("/_api/collection", content, TestContext.Current.CancellationToken);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal(200, (await _client.CallAsync($"GET /_api/collection/{name}")).Status);
    }

    [Fact]
    public async Task A_connection_serves_many_requests()
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(server.Endpoint.Host, server.Endpoint.Port, TestContext.Current.CancellationToken);
        var stream = socket.GetStream();
        for (var i = 0; i < 3; i++)
        {
            await stream.WriteAsync("GET /_admin/server/availability HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
            var text = new StringBuilder();
            var buffer = new byte[4096];
            while (!text.ToString().EndsWith("\"default\"}", StringComparison.Ordinal))
            {
                var length = await stream.ReadAsync(buffer, TestContext.Current.CancellationToken);
                Assert.NotEqual(0, length);
                text.Append(Encoding.ASCII.GetString(buffer, 0, length));
            }

            Assert.StartsWith("HTTP/1.1 200 OK\r\n", text.ToString(), StringComparison.Ordinal);
            Assert.Contains("\r\nContent-Length: ", text.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_document_of_64_megabytes_passes()
    {
        var collection = await _client.NewCollectionAsync();
        var text = new string('x', 64 << 20);

        var saved = await _client.CallAsync($"POST /_api/document/{collection}", $$"""{"_key":"big","text":"{{text}}"}""");
        var read = await _client.CallAsync($"GET /_api/document/{collection}/big");

        Assert.Equal(202, saved.Status);
        Assert.Equal(text.Length, read["text"].GetString()!.Length);
        await _client.CallAsync($"DELETE /_api/collection/{collection}");
    }

    [Fact]
    public async Task What_was_acknowledged_is_there_after_a_restart()
    {
        await using var own = await DevServerFixture.StartAsync();
        var collection = await own.Client.NewCollectionAsync();
        var saved = await own.Client.CallAsync($"POST /_api/document/{collection}", """{"_key":"a","n":1}""");

        await own.RestartAsync();

        var read = await own.Client.CallAsync($"GET /_api/document/{collection}/a");
        Assert.Equal(saved["_rev"].GetString(), read["_rev"].GetString());
    }

    [Fact]
    public async Task Faults_hit_the_requests_they_name_and_no_others()
    {
        await using var own = await DevServerFixture.StartAsync();
        own.Faults.Add(new FaultRule { Method = "GET", Path = "/_api/version", Skip = 1, Status = 503 });
        own.Faults.Add(new FaultRule { Path = "/_api/engine", CutBodyAfter = 5 });

        Assert.Equal(200, (await own.Client.CallAsync("GET /_api/version")).Status);
        var hit = await own.Client.CallAsync("GET /_api/version");
        Assert.Equal((503, 21003), (hit.Status, hit.ErrorNumber));
        Assert.Equal(200, (await own.Client.CallAsync("GET /_api/version")).Status);
        await Assert.ThrowsAsync<HttpRequestException>(() => own.Client.CallAsync("GET /_api/engine"));
    }
}
