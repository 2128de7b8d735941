using System.Buffers;
using MetisBackup.DevServer.Hosting;

namespace MetisBackup.DevServer.Faults;

/// <summary>One thing that goes wrong on purpose: which requests it hits, how often, and what happens to them.</summary>
public sealed record FaultRule
{
    /// <summary>HTTP method in upper case; null for every method.</summary>
    public string? Method { get; init; }

    /// <summary>A part of the path and query as sent, for example <c>/_api/replication/dump</c>; null for every path.</summary>
    public string? Path { get; init; }

    /// <summary>How many matching requests pass before the first one is hit.</summary>
    public int Skip { get; init; }

    /// <summary>How many requests are hit.</summary>
    public int Times { get; init; } = 1;

    /// <summary>The request waits this long before it is served.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Answers with this HTTP status and an error envelope instead of serving the request; 0 serves it.</summary>
    public int Status { get; init; }

    /// <summary>The <c>errorNum</c> that goes with <see cref="Status"/>; 21003 (queue full) belongs to 503.</summary>
    public int ErrorNumber { get; init; } = 21003;

    /// <summary>
    /// The request is served, but the connection is cut after this many bytes of the answer's body; 0 cuts before the first one.
    /// </summary>
    public long? CutBodyAfter { get; init; }

    /// <summary>The answer lacks this header; null leaves all.</summary>
    public string? WithoutHeader { get; init; }

    /// <summary>One bit of the byte at this place of the answer's body is turned over; null leaves the body as it is.</summary>
    public int? ChangeByteAt { get; init; }

    /// <summary>Makes another body out of the answer's own: a wrong revision, a missing document; null leaves it as it is.</summary>
    public Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>? ChangeBody { get; init; }

    /// <summary>Runs before the request is served: stop the server, drop a batch, write a document.</summary>
    public Action? Before { get; init; }

    /// <summary>The answer as the fault leaves it; answers that are written while they are sent stay as they are.</summary>
    internal ArangoResponse Spoil(ArangoResponse answer)
    {
        if (answer.Stream is not null || (WithoutHeader is null && ChangeByteAt is null && ChangeBody is null))
        {
            return answer;
        }

        ReadOnlyMemory<byte> body = answer.Body.ToArray();
        body = ChangeBody?.Invoke(body) ?? body;
        if (ChangeByteAt is { } place && place < body.Length)
        {
            var changed = body.ToArray();
            changed[place] ^= 1;
            body = changed;
        }

        var spoilt = ArangoResponse.Bytes(answer.Status, answer.ContentType ?? ArangoResponse.JsonType, new ReadOnlySequence<byte>(body));
        foreach (var (name, value) in answer.Headers)
        {
            if (!name.Equals(WithoutHeader, StringComparison.OrdinalIgnoreCase))
            {
                spoilt.With(name, value);
            }
        }

        answer.Release();
        return spoilt;
    }
}
