namespace MetisBackup.Core.Errors;

/// <summary>
/// The one exception of the product: a kind (which is also the exit code), one sentence that says what failed and which thing,
/// and a hint that says what to do next. Neither may hold a secret.
/// </summary>
public sealed class MetisException(ErrorCode code, string message, string? hint = null, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>The kind of failure; its number is the exit code.</summary>
    public ErrorCode Code { get; } = code;

    /// <summary>The next step for the user, without the leading <c>hint:</c>; null when there is none.</summary>
    public string? Hint { get; } = hint;

    /// <summary>The single things that the sentence sums up, one line each; empty when it is about one.</summary>
    public IReadOnlyList<string> Details { get; init; } = [];
}
