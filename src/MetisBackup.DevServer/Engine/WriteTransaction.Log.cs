namespace MetisBackup.DevServer.Engine;

/// <content>The log of its operations.</content>
internal sealed partial class WriteTransaction
{
    private readonly OperationLog _log;
    private (string Id, string Name) _loggedDatabase = ("", "");

    /// <summary>Counts and notes an operation on a collection.</summary>
    private void Log(OperationKind kind, CollectionInfo collection, in StoredDocument document = default, IndexInfo? index = null)
    {
        if (_loggedDatabase.Id != collection.DatabaseId)
        {
            _loggedDatabase = (collection.DatabaseId, _catalog.DatabaseById(collection.DatabaseId)?.Name ?? "");
        }

        _log.Add(new LoggedOperation(++_sequence, kind, _loggedDatabase.Name) { Collection = collection, Document = document, Index = index });
    }

    private void Log(OperationKind kind, string database, ViewInfo? view = null) =>
        _log.Add(new LoggedOperation(++_sequence, kind, database) { View = view });
}
