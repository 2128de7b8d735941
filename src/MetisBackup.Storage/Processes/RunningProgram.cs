using System.Diagnostics;
using System.Runtime.InteropServices;

namespace MetisBackup.Storage.Processes;

/// <summary>A program that runs beside us. Disposing kills it and those it started.</summary>
public sealed partial class RunningProgram : IAsyncDisposable
{
    private const int Terminate = 15;
    private const int LinesKept = 100;
    private static readonly TimeSpan Dying = TimeSpan.FromSeconds(5);
    private readonly Process _process;
    private readonly TimeProvider _clock;
    private readonly Queue<string> _lines = new();

    internal RunningProgram(Process process, string title, TimeProvider clock)
    {
        _process = process;
        _clock = clock;
        Title = title;
        Id = process.Id;
        _ = OutputReader.ReadLinesAsync(process.StandardOutput, Keep, CancellationToken.None);
        _ = OutputReader.ReadLinesAsync(process.StandardError, Keep, CancellationToken.None);
    }

    /// <summary>Program and first argument, for messages.</summary>
    public string Title { get; }

    /// <summary>The process id.</summary>
    public int Id { get; }

    /// <summary>The exit code; null while it runs. 128 + n when signal n killed it.</summary>
    public int? ExitCode => _process.HasExited ? _process.ExitCode : null;

    /// <summary>The last lines that it wrote to standard output or standard error, at most 100.</summary>
    public IReadOnlyList<string> LastLines
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>Waits until it ends by itself.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _process.WaitForExitAsync(cancellationToken);

    /// <summary>Asks it to end (SIGTERM); kills it and those it started when it has not after <paramref name="patience"/>.</summary>
    /// <returns>Whether it ended by itself.</returns>
    public async Task<bool> StopAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        if (!_process.HasExited)
        {
            _ = SendSignal(Id, Terminate);
        }

        using var limit = new CancellationTokenSource(patience, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await _process.WaitForExitAsync(either.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            await KillAsync();
            cancellationToken.ThrowIfCancellationRequested();
            return false;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private async Task KillAsync()
    {
        if (_process.HasExited)
        {
            return;
        }

        _process.Kill(entireProcessTree: true);
        using var enough = new CancellationTokenSource();
        await Task.WhenAny(_process.WaitForExitAsync(CancellationToken.None), Task.Delay(Dying, _clock, enough.Token));
        await enough.CancelAsync();
    }

    private void Keep(string line)
    {
        lock (_lines)
        {
            _lines.Enqueue(line);
            if (_lines.Count > LinesKept)
            {
                _ = _lines.Dequeue();
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SendSignal(int process, int signal);
}
