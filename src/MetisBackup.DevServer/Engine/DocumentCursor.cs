using System.Text;
using MetisBackup.Core.Revisions;

namespace MetisBackup.DevServer.Engine;

/// <summary>Walks over documents without copying them: the spans are valid until the next <see cref="MoveNext"/>.</summary>
internal sealed class DocumentCursor : IDisposable
{
    private SqlStatement? _rows;

    /// <summary>A cursor over nothing.</summary>
    internal DocumentCursor()
    {
    }

    internal DocumentCursor(SqlConnection connection, long collection, ulong first, ulong last)
    {
        _rows = connection.Rent(SqlText.ScanRecords, collection);
        _rows.Bind(1, RecordNumber.ToStored(first)).Bind(2, RecordNumber.ToStored(last));
    }

    /// <summary>Record id of the current document: its revision unless the collection keeps record ids of their own.</summary>
    public ulong RecordId => RecordNumber.FromStored(Rows.Int64(0));

    public RevisionId Revision => new(RecordNumber.FromStored(Rows.Int64(1)));

    /// <summary>UTF-8 text; never needs escaping in JSON.</summary>
    public ReadOnlySpan<byte> Key => Rows.Bytes(2);

    /// <summary>See <see cref="StoredDocument.Body"/>.</summary>
    public ReadOnlySpan<byte> Body => Rows.Bytes(3);

    private SqlStatement Rows => _rows ?? throw new InvalidOperationException("The cursor stands on no document.");

    public bool MoveNext() => _rows is not null && _rows.Step();

    /// <summary>The current document as a value of its own.</summary>
    public StoredDocument Copy() => new(Encoding.UTF8.GetString(Key), Revision, Body.ToArray());

    public void Dispose()
    {
        _rows?.Dispose();
        _rows = null;
    }
}
