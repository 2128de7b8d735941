using System.Buffers;
using System.Text.Json;
using MetisBackup.Arango.Client;
using MetisBackup.Arango.Protocol;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Revisions;

namespace MetisBackup.Arango.Restore;

/// <summary>
/// Removes documents of one collection by key, but only in the version that is meant: a document that somebody changed meanwhile stays
/// (arangodb-protocol 11.2). One that is gone already is fine. Not safe for concurrent use.
/// </summary>
public sealed class DocumentRemover(ArangoClient client, string database, string collection)
{
    /// <summary>Removals of one request.</summary>
    public const int MostPerRequest = 5000;

    private const int Tries = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private readonly ArrayBufferWriter<byte> _body = new(64 * 1024);
    private int _count;

    /// <summary>Number of removals that were asked for.</summary>
    public long Documents { get; private set; }

    /// <summary>Puts a document on the list; sends the list when it is long.</summary>
    /// <param name="key">Its key, in UTF-8.</param>
    /// <param name="revision">The version that is to go; null for whatever is there.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async ValueTask RemoveAsync(ReadOnlyMemory<byte> key, RevisionId? revision, CancellationToken cancellationToken)
    {
        Append(key.Span, revision);
        if (_count == MostPerRequest)
        {
            await FlushAsync(cancellationToken);
        }
    }

    /// <summary>Sends what is on the list.</summary>
    /// <exception cref="MetisException">12, 16 as every call.</exception>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_count == 0)
        {
            return;
        }

        _body.Write("]"u8);
        var body = _body.WrittenSpan.ToArray();
        for (var attempt = 1; !await SendAsync(body, isLast: attempt == Tries, cancellationToken); attempt++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(25 << attempt), client.Clock, cancellationToken);
        }

        Documents += _count;
        _count = 0;
        _body.ResetWrittenCount();
    }

    private void Append(ReadOnlySpan<byte> key, RevisionId? revision)
    {
        _body.Write(_count++ == 0 ? "["u8 : ","u8);
        using var json = new Utf8JsonWriter(_body);
        json.WriteStartObject();
        json.WriteString("_key"u8, key);
        if (revision is { } version)
        {
            json.WriteString("_rev"u8, version.ToRev());
        }

        json.WriteEndObject();
    }

    /// <summary>
    /// Whether nothing is left to be tried. The same number of error says that a document has another version by now, which stays so, and
    /// that another transaction was at it, which goes away; so it is tried again a few times and then left to the proof.
    /// </summary>
    private async Task<bool> SendAsync(byte[] body, bool isLast, CancellationToken cancellationToken)
    {
        using var response = await client.SendAsync(
            ArangoRequest.WithJson(
                HttpMethod.Delete, database, $"/_api/document/{ArangoClient.EncodeName(collection)}?ignoreRevs=false&silent=true", body) with
            {
                Repeatable = true,
                AnswerTimeout = Patience,
            },
            cancellationToken);
        if (!isLast && response.ErrorNumber is ErrorNumber.ResourceLimit or ErrorNumber.LockTimeout or ErrorNumber.WriteConflict)
        {
            return false;
        }

        await response.EnsureSuccess().DrainAsync(cancellationToken);
        var errors = ErrorCodes(response);
        var serious = errors.Find(static number => number is not (ErrorNumber.DocumentNotFound or ErrorNumber.WriteConflict or ErrorNumber.LockTimeout or ErrorNumber.ResourceLimit));
        if (serious != 0)
        {
            throw new MetisException(
                ErrorCode.ServerFailed, $"The server at {client.Endpoint} did not remove documents of collection {collection} (error {serious}).");
        }

        return isLast || errors.TrueForAll(static number => number == ErrorNumber.DocumentNotFound);
    }

    private static List<int> ErrorCodes(ArangoResponse response)
    {
        if (response.Header("x-arango-error-codes") is not { Length: > 0 } text)
        {
            return [];
        }

        try
        {
            using var codes = JsonDocument.Parse(text);
            return [.. codes.RootElement.EnumerateObject().Select(static one => int.Parse(one.Name, System.Globalization.CultureInfo.InvariantCulture))];
        }
        catch (Exception error) when (error is JsonException or FormatException or InvalidOperationException)
        {
            throw response.Malformed("its x-arango-error-codes are no numbers", error);
        }
    }
}
