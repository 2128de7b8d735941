using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace MetisBackup.EndToEndTests.Running;

/// <summary>An ordinary client of a server, independent of the product's own.</summary>
internal sealed class ServerHttp : IDisposable
{
    private readonly HttpClient _client;

    public ServerHttp(string endpoint, string? password = null)
    {
        Endpoint = endpoint;
        _client = new HttpClient { BaseAddress = new Uri(endpoint) };
        if (password is not null)
        {
            _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("root:" + password)));
        }
    }

    public string Endpoint { get; }

    /// <summary>Sends JSON and returns the answer, which must be a success.</summary>
    public async Task<JsonNode?> SendAsync(HttpMethod method, string path, JsonNode? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
        using var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{method} {path}: {response.StatusCode} {text}");
        return text.Length == 0 ? null : JsonNode.Parse(text);
    }

    /// <summary>Whether a thing is there.</summary>
    public async Task<bool> ExistsAsync(string path)
    {
        using var response = await _client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        return response.StatusCode != HttpStatusCode.NotFound;
    }

    public void Dispose() => _client.Dispose();
}
