using MetisBackup.App.Operations;

namespace MetisBackup.App.Commands.Progress;

/// <summary>For <c>--quiet</c>.</summary>
internal sealed class SilentProgress : IOperationProgress
{
    /// <inheritdoc/>
    public void BeginPhase(OperationPhase phase, WorkTotal total)
    {
        // nobody listens
    }

    /// <inheritdoc/>
    public void Advance(string subject, long documents, long bytes)
    {
        // nobody listens
    }

    /// <inheritdoc/>
    public void Note(string message)
    {
        // nobody listens; what matters is also in the result's warnings
    }
}
