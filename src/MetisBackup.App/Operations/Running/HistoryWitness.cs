using MetisBackup.Storage.History;

namespace MetisBackup.App.Operations.Running;

/// <summary>Writes one run into the history. A history that cannot be written does not stop a backup; it is told of at the end.</summary>
/// <param name="path">The history's file.</param>
/// <param name="clock">The time.</param>
internal sealed class HistoryWitness(string path, TimeProvider clock) : IRunWitness
{
    private readonly string _path = path;
    private readonly TimeProvider _clock = clock;
    private long? _id;
    private string? _fault;

    /// <inheritdoc/>
    public ValueTask BeforeAsync(RunStart start, CancellationToken cancellationToken)
    {
        _fault = Try(history => _id = history.Begin(start));
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> AfterAsync(RunStart start, RunEnd end, CancellationToken cancellationToken)
    {
        _fault ??= Try(history => history.Finish(_id!.Value, end));
        return ValueTask.FromResult<IReadOnlyList<string>>(_fault is null ? [] : [_fault]);
    }

    private string? Try(Action<RunHistory> work)
    {
        try
        {
            using var history = RunHistory.Open(_path, _clock);
            work(history);
            return null;
        }
        catch (Core.Errors.MetisException error)
        {
            return $"The run is not in the history: {error.Message}";
        }
    }
}
