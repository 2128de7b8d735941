using System.Text.Json;
using MetisBackup.DevServer.Engine;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace MetisBackup.DevServer.Hosting;

/// <summary>One request as the handlers see it: path decoded, body read, caller known.</summary>
internal sealed class ArangoRequest
{
    /// <summary>In upper case.</summary>
    public required string Method { get; init; }

    /// <summary>The database of the path prefix, decoded; <c>_system</c> without one.</summary>
    public required string Database { get; init; }

    /// <summary>The path behind <c>/_db/name</c> as it was sent, without the query.</summary>
    public required string Path { get; init; }

    /// <summary>The parts of <see cref="Path"/>, each decoded; empty parts are left out.</summary>
    public required IReadOnlyList<string> Segments { get; init; }

    public required QueryParameters Query { get; init; }

    public required IHeaderDictionary Headers { get; init; }

    public required Caller Caller { get; init; }

    /// <summary>The whole body; valid until the answer has been written.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Cancelled when the job that the request is was told to end; never for a request whose client waits.</summary>
    public CancellationToken Canceled { get; private init; }

    /// <summary>What the placeholders of the matched route stand for.</summary>
    public RouteValues Route { get; set; } = RouteValues.Empty;

    /// <summary>The same request, independent of its connection.</summary>
    public ArangoRequest Apart(IHeaderDictionary headers, ReadOnlyMemory<byte> body, CancellationToken canceled) => new()
    {
        Method = Method,
        Database = Database,
        Path = Path,
        Segments = Segments,
        Query = Query,
        Headers = headers,
        Caller = Caller,
        Body = body,
        Route = Route,
        Canceled = canceled,
    };

    /// <summary>A header's text; null where it is missing.</summary>
    public string? Header(string name) => Headers.TryGetValue(name, out var value) ? value.ToString() : null;

    /// <summary>The revision in <c>If-Match</c> without its quotes; null where the header is missing.</summary>
    public string? IfMatch => Unquoted(HeaderNames.IfMatch);

    /// <summary>The revision in <c>If-None-Match</c> without its quotes; null where the header is missing.</summary>
    public string? IfNoneMatch => Unquoted(HeaderNames.IfNoneMatch);

    /// <summary>The body as JSON; the caller disposes it.</summary>
    /// <exception cref="ArangoException">400/E600 for a body that is not one JSON value.</exception>
    public JsonDocument ParseBody()
    {
        try
        {
            return JsonDocument.Parse(Body);
        }
        catch (JsonException e)
        {
            throw ArangoErrors.InvalidJson(e);
        }
    }

    /// <summary>The body as a JSON object; an empty body is an empty object. The caller disposes it.</summary>
    /// <exception cref="ArangoException">400/E600 for anything else.</exception>
    public JsonDocument ParseObject()
    {
        if (Body.IsEmpty)
        {
            return JsonDocument.Parse("{}");
        }

        var document = ParseBody();
        if (document.RootElement.ValueKind == JsonValueKind.Object)
        {
            return document;
        }

        document.Dispose();
        throw ArangoErrors.CorruptedJson("expecting a valid JSON object in the request. got: invalid type");
    }

    private string? Unquoted(string header)
    {
        var text = Header(header)?.Trim();
        return text is { Length: >= 2 } && text[0] == '"' && text[^1] == '"' ? text[1..^1] : text;
    }
}
