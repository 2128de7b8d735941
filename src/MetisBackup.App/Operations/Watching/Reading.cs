using System.Collections.Concurrent;
using MetisBackup.App.Operations.Running;
using MetisBackup.Core.Errors;

namespace MetisBackup.App.Operations.Watching;

/// <summary>Something that was read, or why it was not.</summary>
/// <param name="Value">What was read; null when it was not.</param>
/// <param name="Fault">One sentence about why it was not; null when it was.</param>
internal sealed record Reading<T>(T? Value, string? Fault)
    where T : class;

/// <summary>Parts whose reading was left behind: each holds a thread, so that none is begun again before it has ended.</summary>
internal sealed class HangingParts
{
    private readonly ConcurrentDictionary<string, Task> _left = new(StringComparer.Ordinal);

    /// <summary>Whether a part still hangs.</summary>
    public bool Holds(string what) => _left.TryGetValue(what, out var reading) && !reading.IsCompleted;

    /// <summary>Leaves the reading of a part behind.</summary>
    public void Add(string what, Task reading) => _left[what] = reading;
}

/// <summary>Reads parts side by side, so that one that hangs or fails does not blind the others.</summary>
/// <param name="patience">How long each part may take.</param>
/// <param name="hanging">What was left behind.</param>
/// <param name="clock">The time.</param>
internal sealed class PatientReader(TimeSpan patience, HangingParts hanging, TimeProvider clock)
{
    private readonly TimeSpan _patience = patience;
    private readonly HangingParts _hanging = hanging;
    private readonly TimeProvider _clock = clock;

    /// <summary>Reads one part. A call into a file system that hangs cannot be ended: it is left behind.</summary>
    /// <param name="what">What is read, for the message: it becomes the beginning of a sentence.</param>
    /// <param name="read">Reads it.</param>
    /// <param name="cancellationToken">Ends all.</param>
    public async Task<Reading<T>> ReadAsync<T>(string what, Func<CancellationToken, Task<T>> read, CancellationToken cancellationToken)
        where T : class
    {
        if (_hanging.Holds(what))
        {
            return new Reading<T>(null, $"{what} did not answer before, and still does not.");
        }

        using var limit = new CancellationTokenSource(_patience, _clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var token = both.Token;
        var reading = Task.Run(() => read(token), CancellationToken.None);
        try
        {
            return new Reading<T>(await reading.WaitAsync(token), Fault: null);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _hanging.Add(what, reading);
            throw;
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            _hanging.Add(what, reading);
            return new Reading<T>(null, $"{what} did not answer within {_patience.TotalSeconds:0} s.");
        }
#pragma warning disable CA1031 // whatever a part meets, the others are told
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return new Reading<T>(null, error is MetisException failure ? failure.Message : Failure.Of(error).Message);
        }
    }
}
