using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using MetisBackup.DevServer.Engine;

namespace MetisBackup.DevServer.Hosting;

/// <summary>One answer: status, headers and a body that is either in memory or written while it is sent.</summary>
internal sealed class ArangoResponse
{
    public const string JsonType = "application/json; charset=utf-8";
    public const string DumpType = "application/x-arango-dump; charset=utf-8";
    public const string TextType = "text/plain; charset=utf-8";

    /// <summary>Compact, and no escapes that the real server would not write.</summary>
    public static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly List<KeyValuePair<string, string>> _headers = [];
    private IDisposable? _memory;

    private ArangoResponse(int status, string contentType)
    {
        Status = status;
        ContentType = contentType;
    }

    public int Status { get; }

    public string ContentType { get; }

    public IReadOnlyList<KeyValuePair<string, string>> Headers => _headers;

    public ReadOnlySequence<byte> Body { get; private init; } = ReadOnlySequence<byte>.Empty;

    /// <summary>Writes the body while it is sent, chunked; null for a body in memory.</summary>
    public Func<PipeWriter, CancellationToken, ValueTask>? Stream { get; private init; }

    /// <summary>JSON written by the caller.</summary>
    public static ArangoResponse Json(int status, Action<Utf8JsonWriter> write)
    {
        var buffer = new PooledBuffer();
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
        {
            write(writer);
        }

        return FromBuffer(status, buffer);
    }

    /// <summary>JSON text that is there already.</summary>
    public static ArangoResponse Json(int status, ReadOnlyMemory<byte> json) => new(status, JsonType) { Body = new ReadOnlySequence<byte>(json) };

    /// <summary>The bytes of the buffer, which belongs to the answer from now on.</summary>
    public static ArangoResponse FromBuffer(int status, PooledBuffer buffer, string contentType = JsonType) =>
        new(status, contentType) { Body = new ReadOnlySequence<byte>(buffer.Written), _memory = buffer };

    /// <summary>The bytes of the list, which belongs to the answer from now on.</summary>
    public static ArangoResponse FromBlocks(int status, BlockList blocks, string contentType) =>
        new(status, contentType) { Body = blocks.Written, _memory = blocks };

    /// <summary>An object that begins with <c>error:false</c> and <c>code</c>; the caller adds properties.</summary>
    public static ArangoResponse Success(int status, Action<Utf8JsonWriter> properties) => Json(status, writer =>
    {
        writer.WriteStartObject();
        writer.WriteBoolean("error"u8, false);
        writer.WriteNumber("code"u8, status);
        properties(writer);
        writer.WriteEndObject();
    });

    /// <summary><c>{"error":false,"code":status}</c>.</summary>
    public static ArangoResponse Success(int status) => Success(status, static _ => { });

    /// <summary><c>{"error":false,"code":status,"result":value}</c>; the caller writes the value.</summary>
    public static ArangoResponse Result(int status, Action<Utf8JsonWriter> value) => Success(status, writer =>
    {
        writer.WritePropertyName("result"u8);
        value(writer);
    });

    /// <summary>The error envelope (arangodb-protocol 1.7) in the real server's attribute order.</summary>
    public static ArangoResponse Error(int status, int errorNumber, string message) => Json(status, writer =>
    {
        writer.WriteStartObject();
        writer.WriteNumber("code"u8, status);
        writer.WriteBoolean("error"u8, true);
        writer.WriteString("errorMessage"u8, message);
        writer.WriteNumber("errorNum"u8, errorNumber);
        writer.WriteEndObject();
    });

    public static ArangoResponse Error(ArangoException error) => Error(error.Status, error.ErrorNumber, error.Message);

    /// <summary>No body at all.</summary>
    public static ArangoResponse Empty(int status) => new(status, TextType);

    public static ArangoResponse Text(int status, string text) => new(status, TextType) { Body = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(text)) };

    /// <summary>A body in memory that is not JSON.</summary>
    public static ArangoResponse Bytes(int status, string contentType, ReadOnlySequence<byte> body) => new(status, contentType) { Body = body };

    /// <summary>A body that is written while it is sent and never held as a whole.</summary>
    public static ArangoResponse Streamed(int status, string contentType, Func<PipeWriter, CancellationToken, ValueTask> write) =>
        new(status, contentType) { Stream = write };

    /// <summary>The same answer with another body.</summary>
    public ArangoResponse WithBody(ReadOnlyMemory<byte> body)
    {
        var answer = new ArangoResponse(Status, ContentType) { Body = new ReadOnlySequence<byte>(body) };
        answer._headers.AddRange(_headers);
        return answer;
    }

    public ArangoResponse With(string header, string value)
    {
        _headers.Add(new(header, value));
        return this;
    }

    /// <summary>Gives the body's memory back; called once, when the answer has been sent.</summary>
    public void Release() => _memory?.Dispose();
}
