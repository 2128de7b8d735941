using MetisBackup.App.Operations;

namespace MetisBackup.App.Service;

/// <summary>For jobs that nobody watches: notes become lines of the log.</summary>
/// <param name="log">The log.</param>
internal sealed class JobProgress(Action<string> log) : IOperationProgress
{
    private readonly Action<string> _log = log;

    /// <inheritdoc/>
    public void BeginPhase(OperationPhase phase, WorkTotal total)
    {
        // the log tells of the beginning and the end
    }

    /// <inheritdoc/>
    public void Advance(string subject, long documents, long bytes)
    {
        // a log is not the place for a moving figure
    }

    /// <inheritdoc/>
    public void Note(string message) => _log(message);
}
