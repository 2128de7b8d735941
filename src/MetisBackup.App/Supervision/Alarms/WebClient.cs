using System.Net;
using System.Net.Http.Headers;
using MetisBackup.App.Configuration;
using MetisBackup.App.Configuration.Sections;
using MetisBackup.Core.Errors;

namespace MetisBackup.App.Supervision.Alarms;

/// <summary>Calls addresses whose path may be a secret: it appears in no message, and no redirect carries it elsewhere.</summary>
internal sealed class WebClient(Delivery delivery) : IDisposable
{
    private readonly Delivery _delivery = delivery;
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }, disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Calls an address until it answers with success.</summary>
    /// <param name="title">Who is called, for messages.</param>
    /// <param name="address">The address.</param>
    /// <param name="document">JSON to send; null for a plain GET.</param>
    /// <param name="authorization">Value of the header of that name; null for none.</param>
    /// <param name="cancellationToken">Ends it at once.</param>
    /// <exception cref="MetisException">2: the secret cannot be sent; 16: no success.</exception>
    public Task CallAsync(string title, Uri address, byte[]? document, string? authorization, CancellationToken cancellationToken)
    {
        if (authorization is not null && (authorization.Length == 0 || authorization.Any(char.IsControl)))
        {
            throw new MetisException(ErrorCode.Usage, $"The authorization of {title} is empty or has more than one line.", "put the value of the header, and nothing else, where the configuration says");
        }

        var named = $"{title} at {WebAddress.Shown(address.OriginalString)}";
        return _delivery.RunAsync(named, token => AttemptAsync(named, address, document, authorization, token), cancellationToken);
    }

    /// <summary>The address that a notifier is configured with.</summary>
    /// <exception cref="MetisException">2: it is missing or no address; its text is not repeated.</exception>
    public static Uri AddressOf(string title, string? url, SecretReference? secret)
    {
        var text = (url ?? Secrets.Read(secret!, "address")).Trim();
        return WebAddress.IsLegal(text)
            ? new Uri(text)
            : throw new MetisException(
                ErrorCode.Usage,
                $"The address of {title} {(text.Length == 0 ? "is not there" : "is no http or https address")}.",
                secret?.Variable is { } variable ? $"set the variable {variable}" : secret?.File is { } file ? $"put it into {file}" : "correct the configuration");
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task AttemptAsync(string named, Uri address, byte[]? document, string? authorization, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(document is null ? HttpMethod.Get : HttpMethod.Post, address);
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("metis-backup", "1"));
        if (authorization is not null && !request.Headers.TryAddWithoutValidation("Authorization", authorization))
        {
            throw new MetisException(ErrorCode.Usage, $"The authorization of the {named} is no legal value of a header.", "correct the secret");
        }

        if (document is not null)
        {
            request.Content = new ByteArrayContent(document) { Headers = { ContentType = new MediaTypeHeaderValue("application/json", "utf-8") } };
        }

        try
        {
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            Judge(named, response.StatusCode);
        }
        catch (HttpRequestException cause)
        {
            throw new PassingFailureException(cause.Message.TrimEnd('.'), cause);
        }
    }

    private static void Judge(string named, HttpStatusCode status)
    {
        var code = (int)status;
        if (status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || code >= 500)
        {
            throw new PassingFailureException($"the answer was {code}");
        }

        if (code is >= 300 and < 400)
        {
            throw new MetisException(ErrorCode.ServerFailed, $"The {named} answered with a redirect ({code}), which is not followed.", "configure the address that it leads to");
        }

        if (code >= 400)
        {
            throw new MetisException(ErrorCode.ServerFailed, $"The {named} refused: the answer was {code}.", "check address, authorization and template, then try 'metis-backup alarms test'");
        }
    }
}
