using MetisBackup.Core.Errors;

namespace MetisBackup.Storage.Services;

/// <summary>How long a service may take.</summary>
/// <param name="Stop">To stop. A database that writes much back needs minutes.</param>
/// <param name="Start">To start.</param>
public sealed record ServiceTimes(TimeSpan Stop, TimeSpan Start)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Ten minutes to stop, five to start.</summary>
    public static ServiceTimes Usual { get; } = new(TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(5));

    /// <summary>Looks again and again until the service is as wanted.</summary>
    /// <param name="read">Looks.</param>
    /// <param name="isReached">Judges.</param>
    /// <param name="limit">How long at most.</param>
    /// <param name="clock">Measures it.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The last status, and whether it is the wanted one.</returns>
    internal static async Task<(ServiceStatus Status, bool Reached)> WaitAsync(
        Func<CancellationToken, Task<ServiceStatus>> read, Func<ServiceStatus, bool> isReached, TimeSpan limit, TimeProvider clock, CancellationToken cancellationToken)
    {
        for (var begun = clock.GetTimestamp(); ;)
        {
            var status = await read(cancellationToken);
            if (isReached(status))
            {
                return (status, true);
            }

            if (clock.GetElapsedTime(begun) > limit)
            {
                return (status, false);
            }

            await Task.Delay(Interval, clock, cancellationToken);
        }
    }

    internal static MetisException NotStopped(string name, string detail, TimeSpan limit) => new(
        ErrorCode.ServerFailed, $"{name} did not stop within {limit.TotalSeconds:0.###} seconds: {detail}.", "stop the server by hand, or see what keeps it");

    internal static MetisException NotStarted(string name, string detail, string hint) => new(ErrorCode.ServerFailed, $"{name} did not start: {detail}.", hint);
}
