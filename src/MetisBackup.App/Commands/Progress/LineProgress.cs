using MetisBackup.App.Operations;
using MetisBackup.App.Output;

namespace MetisBackup.App.Commands.Progress;

/// <summary>For logs and pipes: one line per phase that has a size, one per note.</summary>
internal sealed class LineProgress(Screen screen) : IOperationProgress
{
    private readonly Screen _screen = screen;

    /// <inheritdoc/>
    public void BeginPhase(OperationPhase phase, WorkTotal total)
    {
        if (PhaseText.Size(total) is { Length: > 0 } size)
        {
            _screen.Message($"{PhaseText.Name(phase)} {size}");
        }
    }

    /// <inheritdoc/>
    public void Advance(string subject, long documents, long bytes)
    {
        // a log is not the place for a moving figure
    }

    /// <inheritdoc/>
    public void Note(string message) => _screen.Message("note: " + HumanText.Printable(message));
}
