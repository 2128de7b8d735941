using MetisBackup.Core.Revisions;
using MetisBackup.DevServer.Engine;

namespace MetisBackup.DevServer.Endpoints.Documents;

/// <summary>What a write did to one document.</summary>
/// <param name="Key">The document's key.</param>
/// <param name="Revision">The revision that is stored now; of a removed document the one that was.</param>
/// <param name="OldRevision">The revision that was replaced; null where there was none.</param>
/// <param name="Old">The document that was replaced or removed, where it was asked for.</param>
/// <param name="New">The document that is stored now, where it was asked for.</param>
internal readonly record struct DocumentOutcome(
    string Key, RevisionId Revision, RevisionId? OldRevision = null, StoredDocument? Old = null, StoredDocument? New = null);
