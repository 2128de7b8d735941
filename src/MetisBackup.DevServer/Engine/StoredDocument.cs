using MetisBackup.Core.Revisions;

namespace MetisBackup.DevServer.Engine;

/// <summary>
/// One stored document version. <see cref="Body"/> is the canonical JSON object of every attribute except <c>_key</c>, <c>_id</c> and
/// <c>_rev</c> (which are put in front when the document is served); for edges <c>_from</c> and <c>_to</c> come first.
/// </summary>
internal readonly record struct StoredDocument(string Key, RevisionId Revision, ReadOnlyMemory<byte> Body);
