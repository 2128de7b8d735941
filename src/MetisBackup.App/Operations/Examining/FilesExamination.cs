using System.Globalization;
using MetisBackup.App.Operations.Capturing;
using MetisBackup.App.Operations.Watching;
using MetisBackup.Core.Naming;
using MetisBackup.Storage.Bulk;

namespace MetisBackup.App.Operations.Examining;

/// <summary>Whether the files beside a database can be captured, and what restores of them left.</summary>
/// <param name="settings">The directory.</param>
/// <param name="isCaptured">It belongs to every snapshot.</param>
/// <param name="clock">The time.</param>
internal sealed class FilesExamination(BulkSettings settings, bool isCaptured, TimeProvider clock) : IExamination
{
    private readonly BulkSettings _settings = settings;
    private readonly bool _isCaptured = isCaptured;
    private readonly TimeProvider _clock = clock;

    /// <inheritdoc/>
    public string Area => ExaminedArea.Files;

    /// <inheritdoc/>
    public string Subject => _settings.Path;

    /// <inheritdoc/>
    public Task<IReadOnlyList<Finding>> RunAsync(bool fix, CancellationToken cancellationToken)
    {
        var trash = BulkTrash.Of(_settings.Path);
        return ExaminedParts.LookAsync(
            () => Task.FromResult(Missing()),
            () => Task.FromResult(Unfinished(trash)),
            () => Task.FromResult(Expired(trash, fix)));
    }

    private IEnumerable<Finding> Missing()
    {
        if (_isCaptured && !Directory.Exists(_settings.Path))
        {
            yield return new Finding(
                FindingSeverity.Problem, $"There is no directory '{_settings.Path}', whose files should belong to every snapshot.", "set bulk.path to the right one, mount what is missing, or set bulk.include to false");
        }
    }

    private IEnumerable<Finding> Unfinished(BulkTrash trash) => trash.FindUnfinished().Select(one => new Finding(
        FindingSeverity.Problem,
        $"A restore of the files of '{_settings.Path}' from {one.Snapshot} did not end: they are between two states.",
        $"metis-backup restore {ShellWord.Of(one.Snapshot)} --only-bulk"));

    private IEnumerable<Finding> Expired(BulkTrash trash, bool fix)
    {
        var now = _clock.GetUtcNow();
        var expired = fix ? trash.RemoveExpired(_settings.KeepTrash, now) : trash.FindExpired(_settings.KeepTrash, now);
        return expired.Select(one =>
        {
            var sentence = string.Create(CultureInfo.InvariantCulture, $"'{one.Path}' keeps what a restore of files put aside on {one.BeganAt.UtcDateTime:yyyy-MM-dd}, longer than the {SpanText.Of(_settings.KeepTrash)} of bulk.keep_trash.");
            return new Finding(FindingSeverity.Warning, sentence, "metis-backup doctor --fix") { Fixed = fix };
        });
    }
}
