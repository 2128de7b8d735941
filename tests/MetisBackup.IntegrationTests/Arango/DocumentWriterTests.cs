using System.Text;
using MetisBackup.Arango.Client;
using MetisBackup.Arango.Restore;
using MetisBackup.Core.Errors;
using MetisBackup.IntegrationTests.Operations;

namespace MetisBackup.IntegrationTests.Arango;

public sealed class DocumentWriterTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_document_that_the_server_refuses_is_named()
    {
        await using var lab = await Lab.StartFilledAsync();
        using var client = Connect(lab.Settings.Endpoint);

        var error = await Assert.ThrowsAsync<MetisException>(() => new DocumentWriter(client, Lab.Database).WriteAsync(
            "products", Lines("""{"_key":"fine","sku":-1}""", """{"_key":"twin","sku":5}""", """{"_key":"fine2","sku":-2}"""), Token));

        Assert.Equal(ErrorCode.ServerFailed, error.Code);
        Assert.Contains("'twin'", error.Message, StringComparison.Ordinal);
        Assert.Contains("products", error.Message, StringComparison.Ordinal);
        Assert.Contains("1210", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Writing_the_same_documents_again_changes_nothing()
    {
        await using var lab = await Lab.StartFilledAsync();
        using var client = Connect(lab.Settings.Endpoint);
        var writer = new DocumentWriter(client, Lab.Database);
        await writer.WriteAsync("people", Lines("""{"_key":"a","_rev":"_hKHP7Fq---","x":1.0,"y":[1e2]}"""), Token);
        var picture = await lab.PictureAsync();

        await writer.WriteAsync("people", Lines("""{"_key":"a","_rev":"_hKHP7Fq---","x":1.0,"y":[1e2]}"""), Token);

        Assert.Equal(picture, await lab.PictureAsync());
        Assert.Contains(picture, static line => line.Contains("\"_rev\":\"_hKHP7Fq---\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_conflict_that_goes_away_is_no_error()
    {
        var calls = 0;
        await using var server = new ScriptedServer(line =>
        {
            if (line.Contains("/_open/auth", StringComparison.Ordinal))
            {
                return ScriptedServer.Answer(404, "{}");
            }

            return ++calls switch
            {
                1 => ScriptedServer.Answer(202, """[{"error":true,"errorNum":1200,"errorMessage":"conflict"}]""", "x-arango-error-codes: {\"1200\":1}\r\n"),
                2 => ScriptedServer.Answer(202, """[{"_key":"a"},{"error":true,"errorNum":1200,"errorMessage":"conflict"}]"""),
                _ => ScriptedServer.Answer(202, """[{"_key":"b"}]"""),
            };
        });
        using var client = Connect(server.Endpoint);

        await new DocumentWriter(client, "shop").WriteAsync("people", Lines("""{"_key":"a"}""", """{"_key":"b"}"""), Token);

        Assert.Equal(3, calls);
    }

    private static byte[] Lines(params string[] documents) => Encoding.UTF8.GetBytes(string.Concat(documents.Select(static one => one + "\n")));

    private static ArangoClient Connect(string endpoint) =>
        new(new ArangoConnection { Endpoint = ArangoEndpoint.Parse(endpoint), User = "root", Password = "" }, TimeProvider.System);
}
