using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using MetisBackup.Core.Errors;

namespace MetisBackup.Storage.Processes;

/// <summary>
/// Starts real programs: by absolute path, with a list of arguments, nothing on standard input, the root directory as working directory and
/// an environment of a few known variables (<c>LC_ALL=C</c>).
/// </summary>
/// <param name="clock">Measures the time limits.</param>
/// <param name="finder">Finds the programs.</param>
public sealed class ProcessRunner(TimeProvider clock, ProgramFinder finder) : IProcessRunner
{
    private const int AccessDenied = 13;
    private const int ErrorLimit = 64 * 1024;

    /// <summary>What is passed on of our own environment: where a user's things are, never a password.</summary>
    private static readonly string[] PassedOn = ["HOME", "USER", "LOGNAME", "TMPDIR", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS"];

    /// <summary>How long a program may take to die, and a pipe that another process still holds to be closed.</summary>
    private static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(2);

    private readonly TimeProvider _clock = clock;
    private readonly ProgramFinder _finder = finder;

    /// <summary>A runner for the programs of this machine.</summary>
    public ProcessRunner(TimeProvider clock)
        : this(clock, ProgramFinder.System)
    {
    }

    /// <inheritdoc/>
    public async Task<ProcessResult> RunAsync(ProcessRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var limit = new CancellationTokenSource(request.TimeLimit, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var process = StartProcess(request);
        var output = new StringBuilder();
        var errors = new StringBuilder();

        // the streams get no token: a program is over when it has ended, and then everything it said is read
        var reading = request.OnLine is { } onLine
            ? OutputReader.ReadLinesAsync(process.StandardOutput, onLine, CancellationToken.None)
            : OutputReader.ReadTextAsync(process.StandardOutput, output, request.OutLimit, CancellationToken.None);
        var readingErrors = OutputReader.ReadBeginningAsync(process.StandardError, errors, ErrorLimit, CancellationToken.None);
        try
        {
            var ended = process.WaitForExitAsync(either.Token);
            await await Task.WhenAny(ended, EndOrFaultAsync(reading, ended));
            await WithinAftermathAsync(Task.WhenAll(reading, readingErrors));
            return new ProcessResult(process.ExitCode, TextOf(output), TextOf(errors));
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new MetisException(
                ErrorCode.ServerFailed, $"{request.Title} did not end within {request.TimeLimit.TotalSeconds:0.###} seconds and was killed.", "find out what it waits for: run the same command by hand");
        }
        finally
        {
            await KillAsync(process);
        }
    }

    /// <summary>Starts a program that runs beside us until it is stopped: the server of a drill.</summary>
    /// <exception cref="MetisException">As of <see cref="RunAsync"/>.</exception>
    public RunningProgram Start(ProcessRequest request) => new(StartProcess(request), request.Title, _clock);

    /// <summary>The reading's fault, or the end of the program when the reading has none.</summary>
    private static async Task EndOrFaultAsync(Task reading, Task ended)
    {
        await reading;
        await ended;
    }

    /// <summary>Kills what is left of a program and of those it started.</summary>
    private async Task KillAsync(Process process)
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            await WithinAftermathAsync(process.WaitForExitAsync(CancellationToken.None));
        }
    }

    /// <summary>Waits for what should end at once; a server that was started and kept our pipe, or a process stuck in the kernel, is not waited for.</summary>
    private async Task WithinAftermathAsync(Task task)
    {
        using var enough = new CancellationTokenSource();
        await await Task.WhenAny(task, Task.Delay(Aftermath, _clock, enough.Token));
        await enough.CancelAsync();
    }

    private static string TextOf(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }

    private Process StartProcess(ProcessRequest request)
    {
        var name = Path.GetFileName(request.Program);
        var path = _finder.Find(request.Program) ?? throw new MetisException(
            ErrorCode.ServerFailed,
            Path.IsPathRooted(request.Program) ? $"There is no program '{request.Program}'." : $"{name} is not installed.",
            request.IfMissing ?? (Path.IsPathRooted(request.Program) ? "check the path" : $"install it; it was looked for in {_finder.SearchPath}"));
        var start = new ProcessStartInfo(path, request.Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            UseShellExecute = false,
            WorkingDirectory = "/",
        };
        SetEnvironment(start, request);
        try
        {
#pragma warning disable RS0030 // this is the place where programs are started
            var process = Process.Start(start)!;
#pragma warning restore RS0030
            process.StandardInput.Close();
            return process;
        }
        catch (Win32Exception error)
        {
            throw new MetisException(
                error.NativeErrorCode == AccessDenied ? ErrorCode.Denied : ErrorCode.ServerFailed, $"{path} cannot be started: {error.Message}.", "check that the file is a program and that you may execute it", error);
        }
    }

    private void SetEnvironment(ProcessStartInfo start, ProcessRequest request)
    {
        var passed = PassedOn.Select(name => (Name: name, Value: start.Environment.TryGetValue(name, out var value) ? value : null)).Where(static one => one.Value is not null).ToList();
        start.Environment.Clear();
        foreach (var (name, value) in passed)
        {
            start.Environment[name] = value;
        }

        start.Environment["PATH"] = _finder.SearchPath;
        start.Environment["LC_ALL"] = "C";
        foreach (var (name, value) in request.Environment)
        {
            start.Environment[name] = value;
        }
    }
}
