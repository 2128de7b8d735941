using MetisBackup.Core.Revisions;

namespace MetisBackup.DevServer.Engine;

/// <summary>Walks over documents without copying them: the spans are valid until the next <see cref="MoveNext"/>.</summary>
internal sealed class DocumentCursor : IDisposable
{
    /// <summary>Record id of the current document: its revision unless the collection keeps record ids of their own.</summary>
    public ulong RecordId => throw new NotImplementedException();

    public RevisionId Revision => throw new NotImplementedException();

    /// <summary>UTF-8 text; never needs escaping in JSON.</summary>
    public ReadOnlySpan<byte> Key => throw new NotImplementedException();

    /// <summary>See <see cref="StoredDocument.Body"/>.</summary>
    public ReadOnlySpan<byte> Body => throw new NotImplementedException();

    public bool MoveNext() => throw new NotImplementedException();

    /// <summary>The current document as a value of its own.</summary>
    public StoredDocument Copy() => throw new NotImplementedException();

    public void Dispose() => throw new NotImplementedException();
}
