using MetisBackup.Core.Errors;
using MetisBackup.Storage.History;

namespace MetisBackup.App.Operations.Scheduling;

/// <summary>
/// The due times that were dealt with, kept in the history so that the next process knows what was missed. Where that cannot be read or written,
/// jobs run all the same: this process still remembers.
/// </summary>
/// <param name="path">The history's file.</param>
/// <param name="clock">The time.</param>
/// <param name="complain">Hears what could not be done.</param>
internal sealed class DueMemory(string path, TimeProvider clock, Action<string> complain)
{
    private readonly Dictionary<string, DateTimeOffset?> _known = new(StringComparer.Ordinal);
    private readonly string _path = path;
    private readonly TimeProvider _clock = clock;
    private readonly Action<string> _complain = complain;
    private readonly Lock _lock = new();

    /// <summary>The last due time of a job; null for one that is new.</summary>
    public DateTimeOffset? Last(string key)
    {
        lock (_lock)
        {
            if (!_known.TryGetValue(key, out var due))
            {
                Try("read", history => due = history.LastDue(key));
                _known[key] = due;
            }

            return due;
        }
    }

    /// <summary>Remembers a due time.</summary>
    public void Set(string key, DateTimeOffset due)
    {
        lock (_lock)
        {
            _known[key] = due;
            Try("written", history => history.SetLastDue(key, due));
        }
    }

    private void Try(string done, Action<RunHistory> work)
    {
        try
        {
            using var history = RunHistory.Open(_path, _clock);
            work(history);
        }
        catch (MetisException error)
        {
            _complain($"The times of the schedule cannot be {done}: {error.Message}");
        }
    }
}
