using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using MetisBackup.Arango.Protocol;
using MetisBackup.Core.Errors;

namespace MetisBackup.Arango.Client;

/// <summary>Turns what a server answers, or that it does not answer, into the errors of the product.</summary>
internal static class ServerFailures
{
    /// <summary>From a failed answer: 12 for rights, 10 for an unknown database or collection, else 16.</summary>
    public static MetisException FromAnswer(string endpoint, string call, int status, ErrorEnvelope? error)
    {
        var said = error?.ErrorMessage is { Length: > 0 } text ? $"{text} (HTTP {status}, error {error.ErrorNumber})" : $"HTTP {status}";
        return (status, error?.ErrorNumber ?? 0) switch
        {
            (_, ErrorNumber.ReadOnly) when error?.ErrorMessage?.Contains('[', StringComparison.Ordinal) != true => ReadOnly(endpoint, call),
            (401, _) => new(
                ErrorCode.Denied,
                $"The server at {endpoint} did not accept the account for {call}.",
                "check the user name, the password in ARANGO_PASSWORD or the password file, and that the account may use that database"),
            (403, _) => new(
                ErrorCode.Denied,
                $"The server at {endpoint} refused {call}: {said}.",
                "use an account with Administrate on the database, or grant the missing right"),
            (_, ErrorNumber.DatabaseNotFound) => new(
                ErrorCode.NotFound,
                $"The server at {endpoint} has no such database: {call} failed.",
                "check the database name; names are case-sensitive"),
            (404, ErrorNumber.CollectionNotFound) => new(ErrorCode.NotFound, $"The server at {endpoint} answered {call} with: {said}."),
            (503, _) => new(
                ErrorCode.ServerFailed,
                $"The server at {endpoint} is not available for {call}: {said}.",
                "it is starting, stopping or overloaded; run the same command again later"),
            (507, _) => new(ErrorCode.ServerFailed, $"The server at {endpoint} has no space left for {call}: {said}."),
            _ => new(
                ErrorCode.ServerFailed,
                $"The server at {endpoint} failed at {call}: {said}.",
                "the server's log tells more"),
        };
    }

    /// <summary>The server takes no writes. (With a collection in brackets the same number says that the account may only read that.)</summary>
    public static MetisException ReadOnly(string endpoint, string what) => new(
        ErrorCode.ServerFailed,
        $"The server at {endpoint} is read-only and refuses {what}.",
        "make it writable (PUT /_admin/server/mode with mode \"default\"), then run the same command again");

    /// <summary>From a transport that failed before or while an answer came.</summary>
    public static MetisException FromTransport(string endpoint, string call, Exception error) => error switch
    {
        _ when Find<AuthenticationException>(error) is { } tls => new(
            ErrorCode.ServerFailed,
            $"No trusted TLS connection to {endpoint}: {tls.Message}",
            "check the server's certificate and that the host name matches it",
            error),
        _ when Find<SocketException>(error) is { SocketErrorCode: SocketError.ConnectionRefused } => new(
            ErrorCode.ServerFailed,
            $"Nothing answers at {endpoint}: connection refused.",
            "start the server or check the endpoint",
            error),
        _ when Find<SocketException>(error) is { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } => new(
            ErrorCode.ServerFailed,
            $"The host of {endpoint} cannot be found.",
            "check the host name of the endpoint",
            error),
        TimeoutException => new(
            ErrorCode.ServerFailed,
            $"The server at {endpoint} did not answer {call} in time.",
            "check the network and the load of the server, then run the same command again",
            error),
        _ => new(
            ErrorCode.ServerFailed,
            $"The connection to {endpoint} broke during {call}.",
            "check that the server still runs, then run the same command again",
            error),
    };

    /// <summary>The connection broke or nothing could be opened: the call may or may not have been executed.</summary>
    public static bool IsTransport(Exception error) =>
        error is HttpRequestException or IOException or TimeoutException or SocketException;

    /// <summary>The server asks for patience: queue full, starting, memory budget, gateway timeout (arangodb-protocol 1.7).</summary>
    public static bool IsBusy(HttpStatusCode status, int errorNumber) =>
        status is HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout
        || errorNumber is ErrorNumber.QueueFull or ErrorNumber.ClusterTimeout or ErrorNumber.ResourceLimit;

    private static T? Find<T>(Exception? error)
        where T : Exception
    {
        for (; error is not null; error = error.InnerException)
        {
            if (error is T found)
            {
                return found;
            }
        }

        return null;
    }
}
