using MetisBackup.Core.Errors;
using MetisBackup.Storage.Bulk;

namespace MetisBackup.App.Operations.Capturing;

/// <summary>The trash of the files beside a database.</summary>
internal static class Trash
{
    /// <summary>Removes what has been kept long enough; returns what could not be done.</summary>
    public static IReadOnlyList<string> Clean(BulkSettings settings, TimeProvider clock)
    {
        try
        {
            BulkTrash.Of(settings.Path).RemoveExpired(settings.KeepTrash, clock.GetUtcNow());
            return [];
        }
        catch (MetisException error)
        {
            return [$"Old trash of the files could not be removed: {error.Message}"];
        }
    }
}

/// <summary>Bytes of files, for the progress of an operation.</summary>
internal sealed class ByteProgress(IOperationProgress progress) : IProgress<long>
{
    /// <inheritdoc/>
    public void Report(long value) => progress.Advance("files", 0, value);
}
