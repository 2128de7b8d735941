using MetisBackup.Core.Errors;
using MetisBackup.Storage.Bulk;

namespace MetisBackup.App.Operations.Capturing;

/// <summary>The trash of the files beside a database.</summary>
internal static class Trash
{
    /// <summary>Removes what has been kept long enough; returns what could not be done.</summary>
    public static IReadOnlyList<string> Clean(BulkSettings settings, TimeProvider clock) => Clean(settings, dryRun: false, clock).Failures;

    /// <summary>The same, with the folders that are, or in a dry run would be, gone.</summary>
    public static (IReadOnlyList<string> Folders, IReadOnlyList<string> Failures) Clean(BulkSettings settings, bool dryRun, TimeProvider clock)
    {
        try
        {
            var trash = BulkTrash.Of(settings.Path);
            var (keep, now) = (settings.KeepTrash, clock.GetUtcNow());
            return ([.. (dryRun ? trash.FindExpired(keep, now) : trash.RemoveExpired(keep, now)).Select(static one => one.Path)], []);
        }
        catch (MetisException error)
        {
            return ([], [$"Old trash of the files could not be removed: {error.Message}"]);
        }
    }
}

/// <summary>Bytes of files, for the progress of an operation.</summary>
internal sealed class ByteProgress(IOperationProgress progress) : IProgress<long>
{
    /// <inheritdoc/>
    public void Report(long value) => progress.Advance("files", 0, value);
}
