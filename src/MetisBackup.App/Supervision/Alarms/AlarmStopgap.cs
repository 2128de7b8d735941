using System.Collections.Concurrent;

namespace MetisBackup.App.Supervision.Alarms;

/// <summary>What this process told while the history could not be used: a disk that is full, or a damaged file, must not keep anybody from being told of it.</summary>
internal sealed class AlarmStopgap
{
    private readonly ConcurrentDictionary<(string Series, string Trouble), DateTimeOffset> _told = new();

    /// <summary>Claims the right to tell of a trouble.</summary>
    /// <param name="series">The series that has it.</param>
    /// <param name="trouble">What it is.</param>
    /// <param name="now">The time.</param>
    /// <param name="repeat">How long nobody is told again; null for as long as it lasts.</param>
    public bool Claim(string series, string trouble, DateTimeOffset now, TimeSpan? repeat)
    {
        if (_told.TryGetValue((series, trouble), out var told) && told <= now && !(now - told >= repeat))
        {
            return false;
        }

        _told[(series, trouble)] = now;
        return true;
    }

    /// <summary>Takes a claim back, or notes that the trouble is over.</summary>
    /// <returns>Whether it had been told.</returns>
    public bool End(string series, string trouble) => _told.TryRemove((series, trouble), out _);
}
