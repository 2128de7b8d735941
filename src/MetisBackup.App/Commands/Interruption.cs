using System.Runtime.InteropServices;
using MetisBackup.Core.Errors;

namespace MetisBackup.App.Commands;

/// <summary>
/// Turns the first SIGINT, SIGTERM or SIGHUP into a cancellation, so that work ends in order. The second one ends the process at once;
/// even then nothing half-made is visible, because things become visible by a rename only.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private int _code;

    /// <summary>Arms the signals.</summary>
    /// <param name="reloads">SIGHUP means something else to this run.</param>
    public Interruption(bool reloads)
    {
        Arm(PosixSignal.SIGINT, ErrorCode.Interrupted);
        Arm(PosixSignal.SIGTERM, ErrorCode.Terminated);
        if (!reloads)
        {
            Arm(PosixSignal.SIGHUP, ErrorCode.Terminated);
        }
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>The exit code of the signal that came; null when none did.</summary>
    public ErrorCode? Code => Volatile.Read(ref _code) is var code && code == 0 ? null : (ErrorCode)code;

    /// <inheritdoc/>
    public void Dispose()
    {
        _registrations.ForEach(static registration => registration.Dispose());
        _source.Dispose();
    }

    private void Arm(PosixSignal signal, ErrorCode code) => _registrations.Add(PosixSignalRegistration.Create(signal, context =>
    {
        if (Interlocked.CompareExchange(ref _code, (int)code, 0) == 0)
        {
            context.Cancel = true;
            _source.Cancel();
        }
    }));
}
