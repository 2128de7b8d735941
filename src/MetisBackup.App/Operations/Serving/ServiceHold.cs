using MetisBackup.Core.Errors;
using MetisBackup.Storage.History;
using MetisBackup.Storage.Services;

namespace MetisBackup.App.Operations.Serving;

/// <summary>What the service holds while it runs: the right to be the only one, and its token.</summary>
/// <param name="history">File of the history; the rest lies beside it.</param>
/// <param name="clock">The time.</param>
internal sealed class ServiceHold(string history, TimeProvider clock) : IDisposable
{
    private readonly ServiceSeat _seat = ServiceSeat.Take(Path.GetDirectoryName(history)!, clock);
    private readonly string _history = history;
    private readonly TimeProvider _clock = clock;

    /// <summary>What a request must carry.</summary>
    public string Token => _seat.Token;

    /// <summary>Where that is kept.</summary>
    public string TokenFile => ServiceSeat.TokenFile(Path.GetDirectoryName(_history)!);

    /// <summary>Forgets runs that are too old.</summary>
    /// <exception cref="MetisException">The history cannot be used.</exception>
    public void Forget(TimeSpan age)
    {
        using var runs = RunHistory.Open(_history, _clock);
        _ = runs.Forget(_clock.GetUtcNow() - age);
    }

    /// <inheritdoc/>
    public void Dispose() => _seat.Dispose();
}
