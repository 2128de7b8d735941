using System.Net;
using System.Security.Cryptography;
using System.Text;
using MetisBackup.Core.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace MetisBackup.App.Web;

/// <summary>
/// Who may come in. The loopback is open to every account of the machine and to every page in a browser on it: a page of another site is known by its
/// origin, one that took over our address by the host that it asked for, and an account by the token that only the owner of the service can read.
/// </summary>
/// <param name="token">The token.</param>
/// <param name="tokenFile">Where it is kept, for the hint.</param>
internal sealed class ApiGate(string token, string tokenFile)
{
    private const string Scheme = "Bearer ";
    private readonly byte[] _token = Encoding.ASCII.GetBytes(token);
    private readonly string _tokenFile = tokenFile;

    /// <summary>Lets the request pass.</summary>
    /// <param name="request">The request.</param>
    /// <param name="needsToken">What it asks for is not for everybody.</param>
    /// <exception cref="MetisException">12: no or another token. 15: another host or origin.</exception>
    public void Require(HttpRequest request, bool needsToken)
    {
        if (!IsLoopback(request.Host.Host))
        {
            throw new MetisException(ErrorCode.Refused, "The service answers to the name of the loopback only.", "ask for 127.0.0.1 or localhost; a proxy sets the header Host to that");
        }

        var headers = request.Headers;
        if (headers[HeaderNames.Origin] is [{ } origin] && !(Uri.TryCreate(origin, UriKind.Absolute, out var site) && site.Authority == request.Host.Value)
            || headers["Sec-Fetch-Site"] is [{ } fetch] && fetch is "cross-site" or "same-site")
        {
            throw new MetisException(ErrorCode.Refused, "A page of another site may not ask here.", "open the address of the service itself");
        }

        if (needsToken && !(headers.Authorization is [{ } given] && given.StartsWith(Scheme, StringComparison.Ordinal) && Matches(given[Scheme.Length..])))
        {
            throw new MetisException(ErrorCode.Denied, "The token is missing or wrong.", $"send 'Authorization: Bearer TOKEN' with the content of '{_tokenFile}'");
        }
    }

    private bool Matches(string given) => CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(_token));

    private static bool IsLoopback(string host) => host == "localhost" || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
