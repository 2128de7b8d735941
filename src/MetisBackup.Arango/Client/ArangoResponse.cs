using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MetisBackup.Arango.Protocol;
using MetisBackup.Core.Errors;

namespace MetisBackup.Arango.Client;

/// <summary>An answer whose headers have arrived; a success still has its body on the wire. Dispose it to free the connection.</summary>
public sealed class ArangoResponse : IDisposable
{
    private const int MaxErrorBody = 64 * 1024;
    private readonly HttpResponseMessage _message;
    private readonly string _endpoint;
    private readonly string _call;

    internal ArangoResponse(HttpResponseMessage message, Stream body, (string Endpoint, string Call) origin)
    {
        _message = message;
        Body = body;
        (_endpoint, _call) = origin;
    }

    /// <summary>HTTP status.</summary>
    public int Status => (int)_message.StatusCode;

    /// <summary>The call succeeded.</summary>
    public bool IsSuccess => _message.IsSuccessStatusCode;

    /// <summary>The error envelope of a failed call; without one, number 0 and no text.</summary>
    public ErrorEnvelope? Error { get; private set; }

    /// <summary><c>errorNum</c> of a failed call, else 0.</summary>
    public int ErrorNumber => Error?.ErrorNumber ?? 0;

    /// <summary>Length of the body in bytes; null when the server did not tell.</summary>
    public long? Length => _message.Content.Headers.ContentLength;

    /// <summary>Media type of the body without parameters.</summary>
    public string? MediaType => _message.Content.Headers.ContentType?.MediaType;

    /// <summary>The body of a success. Reading fails with <see cref="MetisException"/> 16 when the connection breaks or stalls.</summary>
    public Stream Body { get; }

    /// <summary>First value of a header; null when absent.</summary>
    public string? Header(string name) => _message.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    /// <summary>Turns a failed call into an exception.</summary>
    /// <exception cref="MetisException">10, 12 or 16, see <see cref="ServerFailures"/>.</exception>
    public ArangoResponse EnsureSuccess() => IsSuccess ? this : throw Failure();

    /// <summary>The exception that <see cref="EnsureSuccess"/> throws.</summary>
    public MetisException Failure() => ServerFailures.FromAnswer(_endpoint, _call, Status, Error);

    /// <summary>The exception for an answer that breaks the protocol.</summary>
    public MetisException Malformed(string fault, Exception? cause = null) => new(
        ErrorCode.ServerFailed,
        $"The server at {_endpoint} gave an unusable answer to {_call}: {fault}.",
        "check that the endpoint is an ArangoDB server and that no proxy changes its answers",
        cause);

    /// <summary>Reads the whole body as one JSON value.</summary>
    public async Task<T> ReadJsonAsync<T>(JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        try
        {
            return await JsonSerializer.DeserializeAsync(Body, type, cancellationToken)
                ?? throw Malformed("null instead of an object");
        }
        catch (JsonException error)
        {
            throw Malformed("it is not the JSON that belongs here", error);
        }
    }

    /// <summary>Reads the whole body, whose size must not depend on the number of documents.</summary>
    public async Task<byte[]> ReadBytesAsync(CancellationToken cancellationToken)
    {
        if (Length is { } length and <= int.MaxValue)
        {
            var exact = new byte[length];
            var got = await Body.ReadAtLeastAsync(exact, exact.Length, throwOnEndOfStream: false, cancellationToken);
            return got == exact.Length ? exact : throw Malformed("it is shorter than announced");
        }

        var buffer = new ArrayBufferWriter<byte>();
        int read;
        while ((read = await Body.ReadAsync(buffer.GetMemory(64 * 1024), cancellationToken)) > 0)
        {
            buffer.Advance(read);
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads the body to its end so that the connection can be used again.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken) => await Body.CopyToAsync(Stream.Null, cancellationToken);

    /// <summary>Reads the envelope of a failed call; without a readable one the error is empty.</summary>
    internal async Task ReadErrorAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[MaxErrorBody];
        var length = await Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        try
        {
            Error = JsonSerializer.Deserialize(buffer.AsSpan(0, length), ProtocolJson.Default.ErrorEnvelope);
        }
        catch (JsonException)
        {
            Error = null;
        }

        Error ??= new ErrorEnvelope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Body.Dispose();
        _message.Dispose();
    }
}
