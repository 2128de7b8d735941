using System.Text.Json;
using MetisBackup.IntegrationTests.DevServer;

namespace MetisBackup.IntegrationTests.Queries;

/// <summary>Sends queries.</summary>
internal static class QueryCalls
{
    /// <summary>Posts a query; <paramref name="more"/> holds further attributes of the body, such as <c>"batchSize":2</c>.</summary>
    public static Task<ServerAnswer> QueryAsync(this HttpClient client, string query, string bindVars = "{}", string more = "") =>
        client.CallAsync("POST /_api/cursor", $$"""{"query":{{JsonSerializer.Serialize(query)}},"bindVars":{{bindVars}}{{(more.Length > 0 ? "," + more : "")}}}""");

    /// <summary>The rows of a query that must succeed, as JSON text.</summary>
    public static async Task<string> RowsAsync(this HttpClient client, string query, string bindVars = "{}")
    {
        var answer = await client.QueryAsync(query, bindVars);
        Assert.True(answer.Status == 201, answer.Text);
        return answer["result"].GetRawText();
    }
}
