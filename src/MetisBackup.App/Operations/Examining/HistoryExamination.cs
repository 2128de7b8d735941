using System.Globalization;
using MetisBackup.Core.Naming;
using MetisBackup.Storage.History;

namespace MetisBackup.App.Operations.Examining;

/// <summary>Whether past runs are remembered.</summary>
/// <param name="path">The file.</param>
/// <param name="clock">The time.</param>
internal sealed class HistoryExamination(string path, TimeProvider clock) : IExamination
{
    private static readonly TimeSpan Long = TimeSpan.FromDays(1);
    private readonly string _path = path;
    private readonly TimeProvider _clock = clock;

    /// <inheritdoc/>
    public string Area => ExaminedArea.History;

    /// <inheritdoc/>
    public string Subject => _path;

    /// <inheritdoc/>
    public Task<IReadOnlyList<Finding>> RunAsync(bool fix, CancellationToken cancellationToken) => Task.FromResult(Look());

    private IReadOnlyList<Finding> Look()
    {
        RunHistory.RequireLibrary();
        if (!File.Exists(_path))
        {
            return [new Finding(FindingSeverity.Note, $"There is no history '{_path}' yet: the first run makes it.", null)];
        }

        using var history = RunHistory.Open(_path, _clock);
        var now = _clock.GetUtcNow();
        var runs = history.Newest(series: null, operation: null, limit: 1000);
        return
        [
            .. history.FindDamage() is { } damage
                ? (Finding[])[new Finding(FindingSeverity.Problem, $"The history '{_path}' is damaged: {damage}.", $"mv {ShellWord.Of(_path)} {ShellWord.Of(_path + ".damaged")}; a new one is made, and no recovery point depends on it")]
                : [],
            .. runs.Where(one => one.End is null && now - one.Start.Started > Long).Select(one => new Finding(
                FindingSeverity.Warning, string.Create(CultureInfo.InvariantCulture, $"A {one.Start.Operation} of {one.Start.Series} goes on for {(now - one.Start.Started).TotalHours:0} h."), "look whether it still does anything, and end it if not")),
            .. runs.Any(one => one.Start.Started > now + TimeSpan.FromMinutes(5))
                ? (Finding[])[new Finding(FindingSeverity.Warning, $"The history '{_path}' has runs of the future: a clock is or was wrong.", "timedatectl set-ntp true")]
                : [],
        ];
    }
}
