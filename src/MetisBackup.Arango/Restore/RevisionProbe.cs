using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MetisBackup.Arango.Client;
using MetisBackup.Arango.Protocol;
using MetisBackup.Core.Revisions;

namespace MetisBackup.Arango.Restore;

/// <summary>
/// Finds out whether a server keeps the revisions of restored documents. The flag that asks for it is undocumented, so it is tried on a
/// scratch collection (arangodb-protocol 11.1).
/// </summary>
public sealed class RevisionProbe(ArangoClient client, string database)
{
    private const string ScratchPrefix = "metis_probe_";
    private const int RandomBytes = 8;
    private const string Key = "probe";

    private static readonly string Revision = new RevisionId(1_786_843_968_436_174_848).ToRev();
    private readonly ArangoClient _client = client;
    private readonly string _database = database;

    /// <summary>Writes a document with a chosen revision, reads it back, drops the scratch collection.</summary>
    public async Task<bool> IsKeptAsync(CancellationToken cancellationToken)
    {
        var name = ScratchPrefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RandomBytes));
        await _client.SendAndForgetAsync(
            ArangoRequest.WithJson(HttpMethod.Post, _database, "/_api/collection", Encoding.UTF8.GetBytes($$"""{"name":"{{name}}"}""")),
            cancellationToken);
        try
        {
            return await TryAsync(name, cancellationToken);
        }
        finally
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30), _client.Clock);
            await new StructureWriter(_client, _database).DropCollectionAsync(name, patience.Token);
        }
    }

    /// <summary>Drops the scratch collections that killed runs left behind: those so named that hold no document but that of the probe.</summary>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task RemoveLeftoversAsync(CancellationToken cancellationToken)
    {
        var collections = await _client.SendJsonAsync(ArangoRequest.Get(_database, "/_api/collection?excludeSystem=true"), ProtocolJson.Default.CollectionList, cancellationToken);
        foreach (var name in collections.Result?.Select(static one => one.Name).OfType<string>().Where(IsScratch) ?? [])
        {
            var inquiry = new ServerInquiry(_client, _database);
            var documents = await inquiry.CountAsync(name, cancellationToken);
            if (documents == 0 || (documents == 1 && await inquiry.ReadDocumentAsync(name, Key, cancellationToken) is not null))
            {
                await new StructureWriter(_client, _database).DropCollectionAsync(name, cancellationToken);
            }
        }
    }

    private static bool IsScratch(string name) =>
        name.StartsWith(ScratchPrefix, StringComparison.Ordinal)
        && name.Length == ScratchPrefix.Length + (2 * RandomBytes)
        && name.Skip(ScratchPrefix.Length).All(char.IsAsciiHexDigitLower);

    private async Task<bool> TryAsync(string name, CancellationToken cancellationToken)
    {
        var document = Encoding.UTF8.GetBytes($$"""[{"_key":"{{Key}}","_rev":"{{Revision}}"}]""");
        using var written = await _client.SendAsync(
            ArangoRequest.WithJson(
                HttpMethod.Post, _database, $"/_api/document/{name}?isRestore=true&overwriteMode=replace&silent=true", document) with
            {
                Repeatable = true,
            },
            cancellationToken);
        if (!written.IsSuccess)
        {
            return false;
        }

        await written.DrainAsync(cancellationToken);
        using var read = await _client.SendAsync(ArangoRequest.Get(_database, $"/_api/document/{name}/{Key}"), cancellationToken);
        using var json = JsonDocument.Parse(await read.EnsureSuccess().ReadBytesAsync(cancellationToken));
        return json.RootElement.TryGetProperty("_rev"u8, out var kept) && kept.ValueEquals(Revision);
    }
}
