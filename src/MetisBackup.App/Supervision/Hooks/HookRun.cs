using MetisBackup.App.Configuration.Sections;
using MetisBackup.Core.Errors;
using MetisBackup.Storage.Processes;

namespace MetisBackup.App.Supervision.Hooks;

/// <summary>Runs one hook: its output becomes lines of the log, as many as somebody would read.</summary>
/// <param name="processes">Starts programs.</param>
/// <param name="note">Receives the lines.</param>
internal sealed class HookRun(IProcessRunner processes, Action<string> note)
{
    private const int MostLines = 100;
    private const int LongestLine = 500;
    private readonly IProcessRunner _processes = processes;
    private readonly Action<string> _note = note;

    /// <summary>Runs it to its end, or to the end of its time.</summary>
    /// <returns>What is wrong, one sentence; null when it succeeded.</returns>
    /// <exception cref="OperationCanceledException">Cancelled; it was killed with all that it started.</exception>
    public async Task<string?> RunAsync(HookSection hook, IReadOnlyDictionary<string, string> facts, CancellationToken cancellationToken)
    {
        var lines = 0;
        void Say(string line)
        {
            if (++lines <= MostLines)
            {
                _note($"hook {hook.Name}: {(line.Length <= LongestLine ? line : line[..LongestLine] + "…")}");
            }
        }

        try
        {
            var request = new ProcessRequest { Program = hook.Command[0], Arguments = [.. hook.Command.Skip(1)], TimeLimit = hook.Timeout, OnLine = Say, Environment = facts };
            var result = await _processes.RunAsync(request, cancellationToken);
            foreach (var line in result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                Say(line.TrimEnd('\r'));
            }

            return result.Succeeded ? null : $"The hook {hook.Name} failed: {result.Complaint}.";
        }
        catch (MetisException failure)
        {
            return $"The hook {hook.Name} failed: {failure.Message}";
        }
        finally
        {
            if (lines > MostLines)
            {
                _note($"hook {hook.Name}: {lines - MostLines} more lines");
            }
        }
    }
}
