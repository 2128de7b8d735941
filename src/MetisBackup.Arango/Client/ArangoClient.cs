using System.Net;
using System.Net.Http.Headers;
using MetisBackup.Core.Errors;
using Polly;

namespace MetisBackup.Arango.Client;

/// <summary>Sends calls to one server: credentials, lengths, patience, repetition. Safe for concurrent use.</summary>
public sealed class ArangoClient : IDisposable
{
    private readonly ArangoConnection _connection;
    private readonly TimeProvider _clock;
    private readonly HttpMessageInvoker _http;
    private readonly Credentials _credentials;
    private readonly ResiliencePipeline<ArangoResponse> _retry;
    private bool _connected;

    /// <summary>Makes a client; nothing is sent before the first call.</summary>
    public ArangoClient(ArangoConnection connection, TimeProvider clock)
    {
        _connection = connection;
        _clock = clock;
#pragma warning disable CA2000 // the invoker disposes the handler
        _http = new HttpMessageInvoker(ServerSocket.CreateHandler(connection), disposeHandler: true);
#pragma warning restore CA2000
        _credentials = new Credentials(connection, clock);
        _retry = RetryRule.Build(connection.RetryDelay, clock);
    }

    /// <summary>Where calls go, for messages.</summary>
    public string Endpoint => _connection.Endpoint.Text;

    /// <summary>The account calls are made with; empty when none is sent.</summary>
    public string User => _connection.User;

    /// <summary>The server knows its callers: it handed out a token. False before the first call, and when authentication is off.</summary>
    public bool IsAuthenticated => _credentials.HasToken;

    /// <summary>The clock that timers around calls use.</summary>
    public TimeProvider Clock => _clock;

    /// <summary>Sends a call and returns its answer, a failed one too, as soon as its headers are there.</summary>
    /// <exception cref="MetisException">12 when the login failed, 16 when no answer came.</exception>
    public async Task<ArangoResponse> SendAsync(ArangoRequest request, CancellationToken cancellationToken)
    {
        var header = await _credentials.GetAsync(SendWithoutLoginAsync, refused: null, cancellationToken);
        var response = await SendRepeatedlyAsync(request, header, cancellationToken);
        if (response.Status != 401 || header is null)
        {
            return response;
        }

        response.Dispose();
        header = await _credentials.GetAsync(SendWithoutLoginAsync, refused: header, cancellationToken);
        return await SendRepeatedlyAsync(request, header, cancellationToken);
    }

    /// <summary>Sends a call, insists on success and reads the JSON answer.</summary>
    public async Task<T> SendJsonAsync<T>(
        ArangoRequest request, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(request, cancellationToken);
        return await response.EnsureSuccess().ReadJsonAsync(type, cancellationToken);
    }

    /// <summary>Sends a call, insists on success and throws the body away.</summary>
    public async Task SendAndForgetAsync(ArangoRequest request, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(request, cancellationToken);
        await response.EnsureSuccess().DrainAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _http.Dispose();
        _credentials.Dispose();
    }

    private Task<ArangoResponse> SendWithoutLoginAsync(ArangoRequest request, CancellationToken cancellationToken) =>
        SendRepeatedlyAsync(request, header: null, cancellationToken);

    private async Task<ArangoResponse> SendRepeatedlyAsync(
        ArangoRequest request, AuthenticationHeaderValue? header, CancellationToken cancellationToken)
    {
        var call = $"{request.Method} {PathOf(request).Split('?', 2)[0]}";
        try
        {
            return await RetryRule.RunAsync(
                _retry,
                new RetryRule.RetryFacts(request.Repeatable, Volatile.Read(ref _connected)),
                token => SendOnceAsync(request, header, call, token),
                cancellationToken);
        }
        catch (Exception error) when (ServerFailures.IsTransport(error))
        {
            throw ServerFailures.FromTransport(Endpoint, call, error);
        }
    }

    private async Task<ArangoResponse> SendOnceAsync(
        ArangoRequest request, AuthenticationHeaderValue? header, string call, CancellationToken cancellationToken)
    {
        using var message = BuildMessage(request, header);
        using var impatience = new CancellationTokenSource(request.AnswerTimeout ?? _connection.AnswerTimeout, _clock);
        await using var registration = cancellationToken.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), impatience);
        HttpResponseMessage answer;
        try
        {
            answer = await _http.SendAsync(message, impatience.Token);
        }
        catch (OperationCanceledException error)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new TimeoutException($"No answer to {call}.", error);
        }

        Volatile.Write(ref _connected, value: true);
        return await OpenAsync(answer, call, cancellationToken);
    }

    private async Task<ArangoResponse> OpenAsync(HttpResponseMessage answer, string call, CancellationToken cancellationToken)
    {
        try
        {
            var raw = await answer.Content.ReadAsStreamAsync(cancellationToken);
            var body = new StalledBodyStream(raw, _connection.IdleTimeout, _clock, (Endpoint, call));
            var response = new ArangoResponse(answer, body, (Endpoint, call));
            if (!answer.IsSuccessStatusCode)
            {
                await response.ReadErrorAsync(cancellationToken);
            }

            return response;
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    private HttpRequestMessage BuildMessage(ArangoRequest request, AuthenticationHeaderValue? header)
    {
        // Raw: a name such as ".." must reach the server as it is and not climb out of its place in the path.
        var address = new Uri(
            _connection.Endpoint.BaseAddress.GetLeftPart(UriPartial.Authority) + PathOf(request),
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var message = new HttpRequestMessage(request.Method, address) { Version = HttpVersion.Version11, Content = request.Body?.Invoke() };
        if (message.Content is null && request.Method != HttpMethod.Get)
        {
            message.Content = new ByteArrayContent([]);
        }

        message.Headers.Authorization = header;
        message.Headers.TryAddWithoutValidation("Accept", request.Accept ?? "application/json");
        if (request.Clock is { } clock)
        {
            message.Headers.TryAddWithoutValidation("x-arango-hlc", clock);
        }

        return message;
    }

    private static string PathOf(ArangoRequest request) =>
        request.Database is { } database ? $"/_db/{EncodeName(database)}{request.Path}" : request.Path;

    /// <summary>
    /// A name as a path segment or query value: UTF-8, percent-encoded, byte for byte as given. Names of a server are in normal form C
    /// already (arangodb-protocol 1.2), and the runtime's invariant mode could not bring others there: its normalization changes nothing.
    /// </summary>
    public static string EncodeName(string name) => Uri.EscapeDataString(name);
}
