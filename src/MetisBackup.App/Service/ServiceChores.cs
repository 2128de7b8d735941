using MetisBackup.App.Operations.Running;
using MetisBackup.App.Operations.Scheduling;

namespace MetisBackup.App.Service;

/// <summary>Something that is done again and again beside the jobs.</summary>
/// <param name="Name">What it is, for the log.</param>
/// <param name="Pause">How long after its end it is done again.</param>
/// <param name="Work">Does it.</param>
internal sealed record Chore(string Name, TimeSpan Pause, Func<CancellationToken, Task> Work)
{
    /// <summary>It is done for the first time after a pause: by then what was missed has been made up for.</summary>
    public bool Waits { get; init; }
}

/// <summary>Does the chores, each in its own time: none keeps another, or the schedule, waiting.</summary>
/// <param name="chores">What there is to do.</param>
/// <param name="clock">The time.</param>
/// <param name="log">Hears of failures.</param>
internal sealed class ServiceChores(IReadOnlyList<Chore> chores, TimeProvider clock, ServiceLog log)
{
    private readonly IReadOnlyList<Chore> _chores = chores;
    private readonly TimeProvider _clock = clock;
    private readonly ServiceLog _log = log;

    /// <summary>Does them until it is told to stop.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(_chores.Select(chore => Task.Run(() => RepeatAsync(chore, cancellationToken), CancellationToken.None)));

    private async Task RepeatAsync(Chore chore, CancellationToken cancellationToken)
    {
        string? complaint = null;
        if (chore.Waits)
        {
            await Task.WhenAny(Task.Delay(chore.Pause, _clock, cancellationToken));
        }

        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await chore.Work(cancellationToken);
                complaint = null;
                await Task.Delay(chore.Pause, _clock, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // whatever a chore meets, the service goes on
            catch (Exception error)
#pragma warning restore CA1031
            {
                var failure = Failure.Of(error).Message;
                if (failure != complaint)
                {
                    _log.Warn($"{chore.Name}: {failure}"); // the same each time is said once
                }

                complaint = failure;
                await Task.WhenAny(Task.Delay(chore.Pause, _clock, cancellationToken));
            }
        }
    }
}
