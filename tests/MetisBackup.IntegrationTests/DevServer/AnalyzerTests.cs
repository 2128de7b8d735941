namespace MetisBackup.IntegrationTests.DevServer;

/// <summary><c>/_api/analyzer</c> and <c>/_api/aqlfunction</c> (arangodb-protocol 12.1, 12.3).</summary>
public sealed class AnalyzerTests(DevServerFixture server) : IClassFixture<DevServerFixture>
{
    private readonly HttpClient _client = server.Client;

    [Fact]
    public async Task An_analyzer_is_made_once_and_completed()
    {
        const string body = """{"name":"words","type":"text","properties":{"locale":"en"},"features":["frequency"]}""";

        var made = await _client.CallAsync("POST /_api/analyzer", body);

        Assert.Equal(
            """{"name":"_system::words","type":"text","properties":{"locale":"en","case":"lower","stopwords":[],"accent":false,"stemming":true},"features":["frequency"]}""",
            made.Text);
        Assert.Equal(201, made.Status);
        Assert.Equal(200, (await _client.CallAsync("POST /_api/analyzer", body)).Status);
        Assert.Equal((400, 10), await StatusAsync("POST /_api/analyzer", """{"name":"words","type":"identity"}"""));
        Assert.Equal("text", (await _client.CallAsync("GET /_api/analyzer/_system::words"))["type"].GetString());
        Assert.Equal("text_en", (await _client.CallAsync("GET /_api/analyzer/text_en"))["name"].GetString());
        Assert.Equal((404, 1202), await StatusAsync("GET /_api/analyzer/none"));
    }

    [Fact]
    public async Task Analyzers_of_the_system_database_are_seen_everywhere()
    {
        await _client.CallAsync("POST /_api/database", """{"name":"texts"}""");
        await _client.CallAsync("POST /_api/analyzer", """{"name":"shared","type":"identity"}""");
        await _client.CallAsync("POST /_db/texts/_api/analyzer", """{"name":"own","type":"identity"}""");

        var names = (await _client.CallAsync("GET /_db/texts/_api/analyzer"))["result"].EnumerateArray().Select(a => a.GetProperty("name").GetString()).ToList();

        Assert.Superset(new HashSet<string?> { "identity", "text_de", "texts::own", "::shared" }, names.ToHashSet(StringComparer.Ordinal));
        Assert.Equal(200, (await _client.CallAsync("GET /_db/texts/_api/analyzer/::shared")).Status);
        Assert.Equal(404, (await _client.CallAsync("GET /_db/texts/_api/analyzer/shared")).Status);
        Assert.Equal(200, (await _client.CallAsync("DELETE /_db/texts/_api/analyzer/own")).Status);
    }

    [Theory]
    [InlineData("delimiter", ",", "delimiter")]
    [InlineData("stem", "en", "locale")]
    public async Task A_text_stands_for_the_one_property_that_matters(string type, string text, string property)
    {
        var made = await _client.CallAsync("POST /_api/analyzer", $$"""{"name":"short_{{type}}","type":"{{type}}","properties":"{{text}}"}""");

        Assert.Equal(201, made.Status);
        Assert.Equal(text, made["properties"].GetProperty(property).GetString());
    }

    [Fact]
    public async Task A_used_analyzer_stays_unless_forced()
    {
        var collection = await _client.NewCollectionAsync();
        await _client.CallAsync("POST /_api/analyzer", """{"name":"used","type":"delimiter","properties":{"delimiter":","}}""");
        await _client.CallAsync("POST /_api/view", $$"""{"name":"using","type":"arangosearch","links":{"{{collection}}":{"fields":{"a":{"analyzers":["used"]} } } } }""");

        Assert.Equal((409, 1200), await StatusAsync("DELETE /_api/analyzer/used"));
        Assert.Equal("""{"error":false,"code":200,"name":"_system::used"}""", (await _client.CallAsync("DELETE /_api/analyzer/used?force=true")).Text);
        Assert.Equal((404, 1202), await StatusAsync("DELETE /_api/analyzer/used"));
        Assert.Equal((403, 11), await StatusAsync("DELETE /_api/analyzer/identity"));
    }

    [Theory]
    [InlineData("""{"type":"identity"}""")]
    [InlineData("""{"name":"a b","type":"identity"}""")]
    [InlineData("""{"name":"other::x","type":"identity"}""")]
    [InlineData("""{"name":"x"}""")]
    [InlineData("""{"name":"x","type":"magic"}""")]
    [InlineData("""{"name":"x","type":"ngram","properties":{"min":2}}""")]
    [InlineData("""{"name":"x","type":"identity","features":["speed"]}""")]
    public async Task Wrong_analyzers_are_refused(string body) => Assert.Equal((400, 10), await StatusAsync("POST /_api/analyzer", body));

    [Fact]
    public async Task User_functions_are_kept_by_namespace()
    {
        const string code = "function (x) { return x; }";
        var made = await _client.CallAsync("POST /_api/aqlfunction", $$"""{"name":"math::Twice","code":"{{code}}","isDeterministic":true}""");

        Assert.Equal((201, true), (made.Status, made["isNewlyCreated"].GetBoolean()));
        Assert.Equal(200, (await _client.CallAsync("POST /_api/aqlfunction", $$"""{"name":"MATH::twice","code":"{{code}}"}""")).Status);
        await _client.CallAsync("POST /_api/aqlfunction", $$"""{"name":"maths::x","code":"{{code}}"}""");
        Assert.Equal(
            $$"""[{"name":"MATH::twice","code":"{{code}}","isDeterministic":false}]""",
            (await _client.CallAsync("GET /_api/aqlfunction?namespace=math"))["result"].GetRawText());
        Assert.Equal(1, (await _client.CallAsync("DELETE /_api/aqlfunction/math?group=true"))["deletedCount"].GetInt32());
        Assert.Equal(1, (await _client.CallAsync("DELETE /_api/aqlfunction/maths::X"))["deletedCount"].GetInt32());
        Assert.Equal((404, 1582), await StatusAsync("DELETE /_api/aqlfunction/maths::x"));
        Assert.Equal((400, 1580), await StatusAsync("POST /_api/aqlfunction", $$"""{"name":"plain","code":"{{code}}"}"""));
        Assert.Equal((400, 1581), await StatusAsync("POST /_api/aqlfunction", """{"name":"a::b","code":"1+1"}"""));
    }

    private async Task<(int Status, int ErrorNumber)> StatusAsync(string call, string? body = null)
    {
        var answer = await _client.CallAsync(call, body);
        return (answer.Status, answer.ErrorNumber);
    }
}
