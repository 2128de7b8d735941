using MetisBackup.Core.Planning;
using MetisBackup.Storage.Store;

namespace MetisBackup.App.Operations.Restoring;

/// <summary>The database right before the first change, and what is to be done about it.</summary>
/// <param name="Database">What it is asked about. Knows collections by the names that they have before the restore.</param>
/// <param name="Before">What it holds, with the views that an unfinished restore took away.</param>
/// <param name="Plan">What is to be done.</param>
/// <param name="Ready">Differences of collections that are known as a whole already.</param>
internal sealed record RestoreStart(ILiveDatabase Database, LiveContents Before, RestorePlan Plan, IReadOnlyDictionary<string, DifferencePart> Ready)
{
    /// <summary>
    /// The views that are going to be removed although the snapshot is not asked about them: nothing but the journal knows of them then.
    /// </summary>
    public IEnumerable<RestoreJournalView> Removed => Plan.Partial
        ? Plan.Steps
            .Where(static step => step is { Kind: RestoreObject.View, Action: RestoreAction.Recreate })
            .Select(step => new RestoreJournalView(step.Name, System.Text.Encoding.UTF8.GetString(Before.Views[step.Name].Json.Span)))
        : [];
}
