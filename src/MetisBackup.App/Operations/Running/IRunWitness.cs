using MetisBackup.Storage.History;

namespace MetisBackup.App.Operations.Running;

/// <summary>Somebody who has to know of every run: the history, hooks, alarms, metrics.</summary>
internal interface IRunWitness
{
    /// <summary>A run is about to begin.</summary>
    /// <exception cref="Core.Errors.MetisException">It must not begin.</exception>
    ValueTask BeforeAsync(RunStart start, CancellationToken cancellationToken);

    /// <summary>The run ended, well or not. What it made stands: nothing that happens here can take it back.</summary>
    /// <returns>What the witness could not do, one sentence each.</returns>
    ValueTask<IReadOnlyList<string>> AfterAsync(RunStart start, RunEnd end, CancellationToken cancellationToken);
}
