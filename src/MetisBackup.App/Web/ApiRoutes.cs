using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MetisBackup.App.Commands.Documents;
using MetisBackup.App.Operations;
using MetisBackup.App.Operations.DisasterRecovery;
using MetisBackup.App.Operations.Running;
using MetisBackup.App.Service;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;
using Microsoft.AspNetCore.Http;

namespace MetisBackup.App.Web;

/// <summary>What the service answers: the same documents as the commands write with <c>--json</c>.</summary>
/// <param name="state">The service.</param>
/// <param name="gate">Who may come in.</param>
/// <param name="clock">The time.</param>
internal sealed class ApiRoutes(ServiceState state, ApiGate gate, TimeProvider clock)
{
    private const string Api = "/api/";
    private const string PlainText = "text/plain; charset=utf-8";
    private const int UsualRuns = 100;
    private const int MostRuns = 10_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ServiceState _state = state;
    private readonly ApiGate _gate = gate;
    private readonly TimeProvider _clock = clock;

    /// <summary>Answers a request; a failure becomes an answer too.</summary>
    public async Task AnswerAsync(HttpContext context)
    {
        using var enough = new CancellationTokenSource(Patience, _clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(enough.Token, context.RequestAborted);
        try
        {
            context.Response.Headers.CacheControl = "no-store";
            context.Response.Headers.XContentTypeOptions = "nosniff";
            _gate.Require(context.Request, needsToken: context.Request.Path.Value!.StartsWith(Api, StringComparison.Ordinal));
            await RouteAsync(context, limit.Token);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            context.Abort();
        }
#pragma warning disable CA1031 // the one catch-all of a request: whatever happened becomes an answer
        catch (Exception error)
#pragma warning restore CA1031
        {
            var failure = enough.IsCancellationRequested ? new MetisException(ErrorCode.ServerFailed, "The answer took too long.", "look at the log of the service", error) : Failure.Of(error);
            await RefuseAsync(context, failure);
        }
    }

    private Task RouteAsync(HttpContext context, CancellationToken cancellationToken) => (context.Request.Method, context.Request.Path.Value) switch
    {
        ("GET" or "HEAD", "/healthz") => HealthAsync(context, cancellationToken),
        ("GET" or "HEAD", "/readyz") => SayAsync(context, _state.IsStopping ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK, _state.IsStopping ? "stopping" : "ready", cancellationToken),
        ("GET" or "HEAD", "/metrics") => MetricsAsync(context, cancellationToken),
        ("GET", Api + "status") => StatusAsync(context, cancellationToken),
        ("GET", Api + "schedule") => WriteAsync(context, Schedule(), DocumentContext.Writing.ScheduleDocument, cancellationToken),
        ("GET", Api + "runs") => RunsAsync(context, cancellationToken),
        ("POST", Api + "runs") => BeginAsync(context, cancellationToken),
        ("GET", Api + "snapshots") => SnapshotsAsync(context, cancellationToken),
        ("GET", Api + "dr") => DrAsync(context, cancellationToken),
        (_, "/healthz" or "/readyz" or "/metrics" or Api + "status" or Api + "schedule" or Api + "runs" or Api + "snapshots" or Api + "dr") =>
            throw new MetisException(ErrorCode.Usage, $"{context.Request.Method} is not possible here.", "the manual page 'serve' lists what is"),
        _ => throw new MetisException(ErrorCode.NotFound, "There is nothing at this address.", "the manual page 'serve' lists what is"),
    };

    private Task HealthAsync(HttpContext context, CancellationToken cancellationToken) => _state.Loop.IsAlive
        ? SayAsync(context, StatusCodes.Status200OK, "ok", cancellationToken)
        : SayAsync(context, StatusCodes.Status503ServiceUnavailable, string.Create(CultureInfo.InvariantCulture, $"the schedule was not looked at for {_state.Loop.Silence.TotalSeconds:0} s"), cancellationToken);

    private async Task MetricsAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var text = await _state.Status.MetricsAsync(cancellationToken);
        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        await context.Response.WriteAsync(text, cancellationToken);
    }

    private async Task StatusAsync(HttpContext context, CancellationToken cancellationToken) =>
        await WriteAsync(context, (await _state.Status.ReadAsync(cancellationToken)).ToDocument(), DocumentContext.Writing.StatusDocument, cancellationToken);

    private ScheduleDocument Schedule() => new() { Command = "schedule", Since = _state.Since, Jobs = [.. _state.Scheduler.Standing.Select(ServiceMapping.ToDetail)] };

    private Task RunsAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var query = context.Request.Query;
        var limit = query["limit"] is [{ } text]
            ? int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= MostRuns ? number : throw new MetisException(ErrorCode.Usage, $"'limit' is no number from 1 to {MostRuns}.")
            : UsualRuns;
        var result = new ListRuns(_clock).Run(new ListRunsRequest(_state.Settings.Serve.History, query["series"].FirstOrDefault(), query["operation"].FirstOrDefault(), limit));
        return WriteAsync(context, result.ToDocument(), DocumentContext.Writing.RunsDocument, cancellationToken);
    }

    private async Task BeginAsync(HttpContext context, CancellationToken cancellationToken)
    {
        if (!context.Request.HasJsonContentType())
        {
            throw new MetisException(ErrorCode.Usage, "The request is no JSON.", "send Content-Type: application/json and a body like {\"job\": \"dr-nightly\"}");
        }

        BeginDocument? wanted;
        try
        {
            wanted = await JsonSerializer.DeserializeAsync(context.Request.Body, DocumentContext.Writing.BeginDocument, cancellationToken);
        }
        catch (JsonException error)
        {
            throw new MetisException(ErrorCode.Usage, "The request is no JSON.", "send a body like {\"job\": \"dr-nightly\"}", error);
        }

        var job = wanted?.Job ?? throw new MetisException(ErrorCode.Usage, "The request names no job.", "send a body like {\"job\": \"dr-nightly\"}");
        _state.Scheduler.Begin(job);
        context.Response.StatusCode = StatusCodes.Status202Accepted;
        await WriteAsync(context, new BegunDocument { Command = "runs", Job = job }, DocumentContext.Writing.BegunDocument, cancellationToken);
    }

    private async Task SnapshotsAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var query = context.Request.Query;
        var settings = query["target"] is [{ } target] ? _state.Settings.For(target) : _state.Settings;
        var result = await new ListSnapshots(_clock).RunAsync(new ListSnapshotsRequest { StorePath = settings.Operational.Store, Database = query["database"].FirstOrDefault() }, cancellationToken);
        await WriteAsync(context, result.ToDocument(), DocumentContext.Writing.ListDocument, cancellationToken);
    }

    private async Task DrAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var dr = (context.Request.Query["target"] is [{ } target] ? _state.Settings.For(target) : _state.Settings).Dr;
        var request = new ListDrSnapshotsRequest(new DrSettings(DatasetName.Require(dr.Dataset), dr.Zfs, dr.State, dr.Log), Details: false);
        var result = await new ListDrSnapshots(_clock).RunAsync(request, cancellationToken);
        await WriteAsync(context, result.ToDocument(), DocumentContext.Writing.DrListDocument, cancellationToken);
    }

    private static Task RefuseAsync(HttpContext context, MetisException failure)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return Task.CompletedTask;
        }

        context.Response.StatusCode = failure.Code switch
        {
            ErrorCode.Usage => StatusCodes.Status400BadRequest,
            ErrorCode.Denied when context.Request.Headers.Authorization.Count == 0 => StatusCodes.Status401Unauthorized,
            ErrorCode.Denied or ErrorCode.Refused => StatusCodes.Status403Forbidden,
            ErrorCode.NotFound => StatusCodes.Status404NotFound,
            ErrorCode.Locked => StatusCodes.Status409Conflict,
            ErrorCode.NoSpace => StatusCodes.Status507InsufficientStorage,
            ErrorCode.ServerFailed => StatusCodes.Status503ServiceUnavailable,
            _ => StatusCodes.Status500InternalServerError,
        };
        if (context.Response.StatusCode == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }

        return WriteAsync(context, failure.ToDocument(command: null), DocumentContext.Writing.ErrorDocument, CancellationToken.None);
    }

    private static async Task SayAsync(HttpContext context, int status, string text, CancellationToken cancellationToken)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = PlainText;
        await context.Response.WriteAsync(text + "\n", cancellationToken);
    }

    private static Task WriteAsync<T>(HttpContext context, T document, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        return JsonSerializer.SerializeAsync(context.Response.Body, document, type, cancellationToken);
    }
}
