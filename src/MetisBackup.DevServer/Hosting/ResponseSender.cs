using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace MetisBackup.DevServer.Hosting;

/// <summary>Writes an answer to the connection, with the headers that the real server puts on each.</summary>
internal static class ResponseSender
{
    private const int BlockSize = 1 << 20;

    /// <summary>Sends status, headers and body.</summary>
    /// <param name="http">The connection.</param>
    /// <param name="answer">What to send.</param>
    /// <param name="cutAfter">The connection is cut after this many bytes of the body; null sends all.</param>
    /// <param name="cancellationToken">Cancelled when the client has gone.</param>
    public static async Task SendAsync(HttpContext http, ArangoResponse answer, long? cutAfter, CancellationToken cancellationToken)
    {
        if (answer.Stream is null && answer.Body.Length > 0 && ResponsePacking.Of(http.Request.Headers.AcceptEncoding.ToString()) is { } packing)
        {
            answer = packing.Pack(answer);
        }

        SetHeaders(http, answer);
        if (cutAfter is { } limit)
        {
            await SendCutAsync(http, answer, limit, cancellationToken);
            return;
        }

        if (http.Request.Method == "HEAD")
        {
            return;
        }

        if (answer.Stream is { } stream)
        {
            await stream(http.Response.BodyWriter, cancellationToken);
            return;
        }

        await SendBlocksAsync(http, answer.Body, cancellationToken);
    }

    private static async Task SendBlocksAsync(HttpContext http, ReadOnlySequence<byte> body, CancellationToken cancellationToken)
    {
        foreach (var whole in body)
        {
            for (var sent = 0; sent < whole.Length; sent += BlockSize)
            {
                await http.Response.BodyWriter.WriteAsync(whole[sent..Math.Min(whole.Length, sent + BlockSize)], cancellationToken);
            }
        }
    }

    private static void SetHeaders(HttpContext http, ArangoResponse answer)
    {
        var response = http.Response;
        response.StatusCode = answer.Status;
        var headers = response.Headers;
        headers.Server = "ArangoDB";
        headers.CacheControl = "no-cache, no-store, must-revalidate, pre-check=0, post-check=0, max-age=0, s-maxage=0";
        headers.ContentSecurityPolicy = "frame-ancestors 'self'; form-action 'self';";
        headers.Expires = "0";
        headers.Pragma = "no-cache";
        headers.StrictTransportSecurity = "max-age=31536000 ; includeSubDomains";
        headers.XContentTypeOptions = "nosniff";
        headers["x-arango-queue-time-seconds"] = "0.000000";
        headers.ContentType = answer.ContentType;
        if (!http.Request.Headers.Connection.ToString().Contains("close", StringComparison.OrdinalIgnoreCase))
        {
            headers.Connection = "Keep-Alive";
        }

        foreach (var (name, value) in answer.Headers)
        {
            headers.Append(name, value);
        }

        var bodyless = answer.Status is 204 or 304;
        if (answer.Stream is null && !bodyless && !headers.ContainsKey(HeaderNames.ContentLength))
        {
            headers.ContentLength = answer.Body.Length;
        }
    }

    /// <summary>Sends a part of the body, then cuts the connection as a failing network would.</summary>
    private static async Task SendCutAsync(HttpContext http, ArangoResponse answer, long limit, CancellationToken cancellationToken)
    {
        if (answer.Stream is { } stream)
        {
            await stream(new CuttingPipeWriter(http.Response.BodyWriter, limit), cancellationToken);
        }
        else if (limit > 0)
        {
            await SendBlocksAsync(http, answer.Body.Slice(0, Math.Min(limit, answer.Body.Length)), cancellationToken);
        }

        http.Abort();
    }
}
