using MetisBackup.App.Operations.Scheduling;

namespace MetisBackup.App.Service;

/// <summary>Looks at the schedule again and again, and gives a sign of life each time: who hangs here gives none.</summary>
/// <param name="scheduler">The schedule.</param>
/// <param name="clock">The time.</param>
/// <param name="pause">The longest time between two looks: a clock that was set, or a machine that slept, is noticed then.</param>
/// <param name="sign">Gives the sign of life.</param>
internal sealed class ServiceLoop(Scheduler scheduler, TimeProvider clock, TimeSpan pause, Action sign)
{
    /// <summary>So long without a look is no pause any more.</summary>
    private static readonly TimeSpan TooLong = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(20);

    private readonly Scheduler _scheduler = scheduler;
    private readonly TimeProvider _clock = clock;
    private readonly TimeSpan _pause = pause;
    private readonly Action _sign = sign;
    private long _looked = clock.GetTimestamp();

    /// <summary>How long ago it looked.</summary>
    public TimeSpan Silence => _clock.GetElapsedTime(Interlocked.Read(ref _looked));

    /// <summary>It looks as often as it should.</summary>
    public bool IsAlive => Silence < TooLong;

    /// <summary>Looks until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var next = _scheduler.Look();
            _ = Interlocked.Exchange(ref _looked, _clock.GetTimestamp());
            _sign();
            var wait = next is { } due && due - _clock.GetUtcNow() is var left && left < _pause ? left : _pause;
            using var rest = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            _ = await Task.WhenAny(_scheduler.Woken, Task.Delay(wait < Shortest ? Shortest : wait, _clock, rest.Token));
            await rest.CancelAsync();
        }
    }
}
