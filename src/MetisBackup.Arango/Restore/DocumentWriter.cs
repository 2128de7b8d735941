using System.Net.Http.Headers;
using System.Text.Json;
using MetisBackup.Arango.Client;
using MetisBackup.Arango.Protocol;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;
using MetisBackup.Core.Revisions;

namespace MetisBackup.Arango.Restore;

/// <summary>A document that a server did not take.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Revision">The revision that it carries.</param>
/// <param name="Number">Number of the error.</param>
/// <param name="Message">Text of the error.</param>
public sealed record RefusedDocument(string Key, RevisionId Revision, int Number, string Message);

/// <summary>
/// Writes documents as they are. Safe for concurrent use; every call may be repeated, because it replaces what is there. A server
/// that fails a document is told apart from one that is merely busy.
/// </summary>
public sealed class DocumentWriter(ArangoClient client, string database)
{
    private const int Tries = 6;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private readonly ArangoClient _client = client;
    private readonly string _database = database;

    /// <summary>Writes documents with the revisions that they carry (arangodb-protocol 11.1).</summary>
    /// <param name="collection">Name of the collection.</param>
    /// <param name="lines">Whole documents, one per line, each line with its end. The buffer is used for the request and changed.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="MetisException">16 naming the document that the server refuses; 12, 16 as every call.</exception>
    public async Task WriteAsync(string collection, Memory<byte> lines, CancellationToken cancellationToken)
    {
        if (await TryWriteAsync(collection, lines, cancellationToken) is [var failure, ..])
        {
            throw Refusal(collection, failure);
        }
    }

    /// <summary>
    /// The same, for documents that come among others: those that the server refuses because another document has the same value in a
    /// unique index are returned instead (arangodb-protocol 11.2), all others are written.
    /// </summary>
    /// <exception cref="MetisException">16 naming a document that the server refuses for any other reason; 12, 16 as every call.</exception>
    public async Task<IReadOnlyList<RefusedDocument>> TryWriteAsync(string collection, Memory<byte> lines, CancellationToken cancellationToken)
    {
        if (lines.IsEmpty)
        {
            return [];
        }

        JsonArrayContent.Convert(lines.Span);
        if (await IsAcceptedAsync(collection, lines, cancellationToken))
        {
            return [];
        }

        var refused = new List<RefusedDocument>();
        var failures = await FindFailuresAsync(collection, lines, cancellationToken);
        for (var attempt = 1; ; attempt++)
        {
            refused.AddRange(failures.Where(static failure => failure.IsConflict).Select(static failure => failure.ToRefused()));
            failures.RemoveAll(static failure => failure.IsConflict);
            if (failures.Count == 0)
            {
                return refused;
            }

            if (attempt == Tries || failures.Exists(static failure => !failure.IsTransient))
            {
                throw Refusal(collection, (failures.Find(static failure => !failure.IsTransient) ?? failures[0]).ToRefused());
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50 << attempt), _client.Clock, cancellationToken);
            var again = new List<ItemFailure>();
            foreach (var failure in failures)
            {
                again.AddRange(await FindFailuresAsync(collection, Single(failure.Document), cancellationToken));
            }

            failures = again;
        }
    }

    /// <summary>Writes documents and lets the server give them new revisions, all of them or none (arangodb-protocol 9.3).</summary>
    /// <param name="collection">Name of the collection.</param>
    /// <param name="lines">Whole documents, one per line, each line with its end.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task WriteWithNewRevisionsAsync(string collection, ReadOnlyMemory<byte> lines, CancellationToken cancellationToken)
    {
        var request = new ArangoRequest
        {
            Method = HttpMethod.Put,
            Database = _database,
            Path = $"/_api/replication/restore-data?collection={ArangoClient.EncodeName(collection)}&force=false",
            Body = () => Lines(lines),
            Repeatable = true,
            AnswerTimeout = Patience,
        };
        for (var attempt = 1; ; attempt++)
        {
            using var response = await _client.SendAsync(request, cancellationToken);
            if (attempt == Tries || response.ErrorNumber != ErrorNumber.WriteConflict)
            {
                await response.EnsureSuccess().DrainAsync(cancellationToken);
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50 << attempt), _client.Clock, cancellationToken);
        }
    }

    private static ReadOnlyMemoryContent Lines(ReadOnlyMemory<byte> lines)
    {
        var content = new ReadOnlyMemoryContent(lines);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-arango-dump");
        return content;
    }

    /// <summary>Sends silently: an empty array says that every document was taken.</summary>
    private async Task<bool> IsAcceptedAsync(string collection, ReadOnlyMemory<byte> converted, CancellationToken cancellationToken)
    {
        using var response = await _client.SendAsync(Request(collection, converted, silent: true), cancellationToken);
        if (response.ErrorNumber == ErrorNumber.ResourceLimit)
        {
            return false;
        }

        var body = await response.EnsureSuccess().ReadBytesAsync(cancellationToken);
        return response.Header("x-arango-error-codes") is null && body.AsSpan().Trim(" \r\n\t"u8).SequenceEqual("[]"u8);
    }

    /// <summary>Sends again, this time asking for an answer per document, because a silent answer does not tell which one failed.</summary>
    private async Task<List<ItemFailure>> FindFailuresAsync(string collection, ReadOnlyMemory<byte> converted, CancellationToken cancellationToken)
    {
        using var response = await _client.SendAsync(Request(collection, converted, silent: false), cancellationToken);
        var body = await response.EnsureSuccess().ReadBytesAsync(cancellationToken);
        try
        {
            return Match(converted, body);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw response.Malformed("it is not one result per document", error);
        }
    }

    private static List<ItemFailure> Match(ReadOnlyMemory<byte> converted, byte[] results)
    {
        using var answer = JsonDocument.Parse(results);
        var documents = Split(converted);
        if (answer.RootElement.GetArrayLength() != documents.Count)
        {
            throw new JsonException("The number of results is not the number of documents.");
        }

        var failures = new List<ItemFailure>();
        var position = 0;
        foreach (var result in answer.RootElement.EnumerateArray())
        {
            if (result.TryGetProperty("error"u8, out var flag) && flag.ValueKind == JsonValueKind.True)
            {
                failures.Add(new ItemFailure(
                    documents[position],
                    result.TryGetProperty("errorNum"u8, out var number) ? number.GetInt32() : 0,
                    result.TryGetProperty("errorMessage"u8, out var text) ? text.GetString() ?? "" : ""));
            }

            position++;
        }

        return failures;
    }

    private static List<ReadOnlyMemory<byte>> Split(ReadOnlyMemory<byte> converted)
    {
        var documents = new List<ReadOnlyMemory<byte>>();
        var offset = 0;
        while (offset < converted.Length - 1)
        {
            var reader = new Utf8JsonReader(converted.Span[offset..], isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { MaxDepth = int.MaxValue }));
            if (!reader.Read() || !reader.TrySkip())
            {
                throw new JsonException("A document is not whole.");
            }

            var length = (int)reader.BytesConsumed;
            documents.Add(converted.Slice(offset, length));
            offset += length + 1;
        }

        return documents;
    }

    private static byte[] Single(ReadOnlyMemory<byte> document) => [.. document.Span, (byte)']'];

    private ArangoRequest Request(string collection, ReadOnlyMemory<byte> converted, bool silent) => new()
    {
        Method = HttpMethod.Post,
        Database = _database,
        Path = $"/_api/document/{ArangoClient.EncodeName(collection)}?isRestore=true&overwriteMode=replace&silent={(silent ? "true" : "false")}",
        Body = () => JsonArrayContent.Of(converted),
        Repeatable = true,
        AnswerTimeout = Patience,
    };

    /// <summary>The error for a document that cannot be written.</summary>
    public MetisException Refusal(string collection, RefusedDocument failure) => new(
        ErrorCode.ServerFailed,
        $"The server at {_client.Endpoint} refused document {QuotedName.Of(failure.Key)} of collection {collection}: {failure.Message} (error {failure.Number}).",
        failure.Number == ErrorNumber.UniqueViolation ? "another writer may have put a document with the same unique value there; stop writers and run the same command again" : null);

    private sealed record ItemFailure(ReadOnlyMemory<byte> Document, int Number, string Message)
    {
        /// <summary>Lock timeouts, conflicts and a transaction that grew too large go away when fewer documents are sent.</summary>
        public bool IsTransient => Number is ErrorNumber.LockTimeout or ErrorNumber.ResourceLimit or ErrorNumber.WriteConflict;

        /// <summary>Another document has the same value in a unique index.</summary>
        public bool IsConflict => Number == ErrorNumber.UniqueViolation;

        public RefusedDocument ToRefused()
        {
            using var json = JsonDocument.Parse(Document, new JsonDocumentOptions { MaxDepth = int.MaxValue });
            return new RefusedDocument(Text(json.RootElement, "_key"u8), RevisionId.ParseRev(Text(json.RootElement, "_rev"u8)), Number, Message);
        }

        private static string Text(JsonElement document, ReadOnlySpan<byte> name) =>
            document.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
    }
}
