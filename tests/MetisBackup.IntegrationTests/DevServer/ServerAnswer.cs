using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace MetisBackup.IntegrationTests.DevServer;

/// <summary>One answer of the server, read to its end.</summary>
internal sealed record ServerAnswer(int Status, JsonElement Body, HttpResponseHeaders Headers, string Text)
{
    public int ErrorNumber => Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty("errorNum", out var number) ? number.GetInt32() : 0;

    public JsonElement this[string attribute] => Body.GetProperty(attribute);

    public string? Header(string name) => Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;
}

/// <summary>Calls with a raw path and body.</summary>
internal static class ServerCalls
{
    /// <summary>Sends one request and reads the answer.</summary>
    /// <param name="client">A client whose base address is the server's.</param>
    /// <param name="call">Method and path, for example <c>GET /_api/version</c>.</param>
    /// <param name="body">JSON; null for none.</param>
    /// <param name="headers">Names and values.</param>
    public static async Task<ServerAnswer> CallAsync(
        this HttpClient client, string call, string? body = null, params (string Name, string Value)[] headers)
    {
        var (method, path) = (call[..call.IndexOf(' ', StringComparison.Ordinal)], call[(call.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var isJson = response.Content.Headers.ContentType?.MediaType == "application/json" && text.Length > 0;
        return new ServerAnswer((int)response.StatusCode, isJson ? JsonElement.Parse(text) : default, response.Headers, text);
    }

    /// <summary>Makes a collection with a name of its own.</summary>
    public static async Task<string> NewCollectionAsync(this HttpClient client, string options = "")
    {
        var name = $"c{Guid.NewGuid():N}";
        var answer = await client.CallAsync("POST /_api/collection", $$"""{"name":"{{name}}"{{(options.Length > 0 ? "," + options : "")}}}""");
        Assert.Equal(200, answer.Status);
        return name;
    }
}
