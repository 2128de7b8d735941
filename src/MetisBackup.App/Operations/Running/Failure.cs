using System.Net.Sockets;
using MetisBackup.Core.Errors;

namespace MetisBackup.App.Operations.Running;

/// <summary>Gives every exception that ends a run the form of an error: kind, sentence, hint.</summary>
internal static class Failure
{
    private const int NoSpaceLeft = 28;
    private const int QuotaExceeded = 122;

    /// <summary>The exception itself when it is one of ours, otherwise the nearest kind for it.</summary>
    public static MetisException Of(Exception exception) => exception switch
    {
        MetisException ours => ours,
        IOException { HResult: NoSpaceLeft or QuotaExceeded } => new MetisException(ErrorCode.NoSpace, "There is no space left: " + exception.Message, "free some space and run the same command again", exception),
        UnauthorizedAccessException => new MetisException(ErrorCode.Denied, exception.Message, "check the rights of the file and of its directory", exception),
        HttpRequestException or SocketException => new MetisException(ErrorCode.ServerFailed, "The server did not answer: " + exception.Message, "check that it runs and that --endpoint is right", exception),
        _ => new MetisException(ErrorCode.Unexpected, $"Something unexpected happened: {exception.GetType().Name}: {exception.Message}", "run the command again with --verbose and report what it prints", exception),
    };

    /// <summary>The messages of the causes, outermost first; for the unexpected also where it happened.</summary>
    public static IReadOnlyList<string> Causes(MetisException failure)
    {
        var causes = new List<string>();
        for (var cause = failure.InnerException; cause is not null; cause = cause.InnerException)
        {
            causes.Add(failure.Code == ErrorCode.Unexpected ? cause.ToString() : $"{cause.GetType().Name}: {cause.Message}");
        }

        return causes;
    }
}
