namespace MetisBackup.App.Operations.Restoring;

/// <summary>Work inside a phase of another operation: it advances that phase and begins none of its own.</summary>
internal sealed class QuietPhases(IOperationProgress outer) : IOperationProgress
{
    /// <inheritdoc/>
    public void BeginPhase(OperationPhase phase, WorkTotal total)
    {
        // The phase of the outer operation goes on.
    }

    /// <inheritdoc/>
    public void Advance(string subject, long documents, long bytes) => outer.Advance(subject, documents, bytes);

    /// <inheritdoc/>
    public void Note(string message) => outer.Note(message);
}
