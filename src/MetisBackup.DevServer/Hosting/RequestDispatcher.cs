using MetisBackup.Arango.Protocol;
using MetisBackup.Core.Revisions;
using MetisBackup.DevServer.Engine;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace MetisBackup.DevServer.Hosting;

/// <summary>The way of every request: faults, identity, route, rights, handler, answer.</summary>
internal sealed partial class RequestDispatcher(ServerContext server, RouteTable routes, AuthenticationGate gate, ILogger logger)
{
    /// <summary>Serves one request from its first to its last byte.</summary>
    public async Task DispatchAsync(HttpContext http)
    {
        var cancellationToken = http.RequestAborted;
        var started = server.Time.GetTimestamp();
        var raw = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var fault = server.Faults.Take(http.Request.Method, raw);
        if (fault is not null)
        {
            if (fault.Delay > TimeSpan.Zero)
            {
                await Task.Delay(fault.Delay, server.Time, cancellationToken);
            }

            fault.Before?.Invoke();
        }

        RequestBody body = default;
        try
        {
            var answer = await GuardAsync($"{http.Request.Method} {raw}", async () =>
            {
                body = await RequestBody.ReadAsync(http.Request, cancellationToken);
                var given = fault is { Status: > 0 }
                    ? ArangoResponse.Error(fault.Status, fault.ErrorNumber, "injected fault")
                    : await AnswerAsync(http, RequestTarget.Parse(raw), body.Bytes, cancellationToken);
                return fault?.Spoil(given) ?? given;
            });
            try
            {
                await ResponseSender.SendAsync(http, answer, fault?.CutBodyAfter, cancellationToken);
                server.Statistics.Add(
                    http.Request.Method,
                    isAsync: answer.Status == 202 && http.Request.Headers.ContainsKey("x-arango-async"),
                    server.Time.GetElapsedTime(started),
                    (body.Bytes.Length, answer.Body.Length));
            }
            finally
            {
                answer.Release();
            }
        }
        finally
        {
            body.Dispose();
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Request} failed")]
    private static partial void LogFailure(ILogger logger, Exception exception, string request);

    /// <summary>Turns what the work throws into an answer.</summary>
    private async Task<ArangoResponse> GuardAsync(string request, Func<Task<ArangoResponse>> work)
    {
        try
        {
            return await work();
        }
        catch (ArangoException e)
        {
            return ArangoResponse.Error(e);
        }
#pragma warning disable CA1031 // the one catch-all of a request: a defect becomes 500, the server lives on
        catch (Exception e) when (e is not (OperationCanceledException or BadHttpRequestException or IOException))
#pragma warning restore CA1031
        {
            LogFailure(logger, e, request);
            return ArangoResponse.Error(500, ErrorNumber.Internal, $"internal error: {e.Message}");
        }
    }

    private async ValueTask<ArangoResponse> AnswerAsync(
        HttpContext http, RequestTarget target, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var method = http.Request.Method;
        var headers = http.Request.Headers;
        var caller = gate.Identify(headers.Authorization.Count > 0 ? headers.Authorization.ToString() : null);
        var (route, values, pathKnown) = routes.Find(method, target.Segments);
        var access = route?.Access ?? RouteAccess.Database;
        if (gate.Refuse(caller, target.Database, access, headers.ContainsKey("x-omit-www-authenticate")) is { } refusal)
        {
            return refusal;
        }

        if (route is null)
        {
            if (method == "OPTIONS")
            {
                return ArangoResponse.Text(200, "").With("allow", "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT");
            }

            return pathKnown
                ? ArangoResponse.Error(405, ErrorNumber.HttpMethodNotAllowed, "method not supported")
                : ArangoResponse.Error(404, ErrorNumber.HttpNotFound, $"unknown path '{target.Path}'");
        }

        if (caller is { Authenticated: true } && headers.TryGetValue("x-arango-hlc", out var stamp))
        {
            server.Engine.Clock.Observe(RevisionId.ParseHlc(stamp.ToString()));
        }

        var request = new ArangoRequest
        {
            Method = method,
            Database = target.Database,
            Path = target.Path,
            Segments = target.Segments,
            Query = new QueryParameters(target.Query),
            Headers = headers,
            Caller = caller ?? Caller.Nobody,
            Body = body,
            Route = values,
        };
        return headers.TryGetValue("x-arango-async", out var mode) && mode.ToString() is "true" or "store"
            ? Defer(request, route, keep: mode == "store")
            : await RunAsync(request, route, cancellationToken);
    }

    private static async Task<ArangoResponse> RunAsync(ArangoRequest request, Route route, CancellationToken cancellationToken)
    {
        var answer = await route.Handler(request, cancellationToken);
        return request.Header("x-arango-trx-id") is { Length: > 0 } transaction ? answer.With("x-arango-trx-id", transaction) : answer;
    }

    /// <summary>Answers at once; the request runs on as a job, with what it needs of the connection copied.</summary>
    private ArangoResponse Defer(ArangoRequest request, Route route, bool keep)
    {
        var headers = new HeaderDictionary();
        foreach (var (name, value) in request.Headers)
        {
            headers[name] = value;
        }

        var body = request.Body.ToArray();
        var id = server.Jobs.Start(request.Caller.Name, keep, canceled => GuardAsync(
            $"{request.Method} {request.Path}",
            () => RunAsync(request.Apart(headers, body, canceled), route, CancellationToken.None)));
        var answer = ArangoResponse.Empty(202);
        return keep ? answer.With("x-arango-async-id", id) : answer;
    }
}
