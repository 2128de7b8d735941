using System.Text.Json;
using MetisBackup.Core.Errors;

namespace MetisBackup.App.Commands.Documents;

/// <summary>From a failure to its published document.</summary>
internal static class ErrorMapping
{
    /// <summary>The document.</summary>
    /// <param name="failure">What happened.</param>
    /// <param name="command">The command; null when none is known.</param>
    public static ErrorDocument ToDocument(this MetisException failure, string? command) => new()
    {
        Command = command,
        Error = new ErrorDetail((int)failure.Code, JsonNamingPolicy.SnakeCaseLower.ConvertName(failure.Code.ToString()), failure.Message, failure.Hint) { Details = failure.Details.Count > 0 ? failure.Details : null },
    };
}
