using System.Runtime.InteropServices;
using MetisBackup.Core.Revisions;

namespace MetisBackup.Storage.Store;

/// <summary>Where a document of a snapshot is.</summary>
/// <param name="Segment">Position of the segment in the collection's record.</param>
/// <param name="Frame">Position of the frame in the segment.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct DocumentPlace(int Segment, int Frame);

/// <summary>
/// A stretch of the revisions that a snapshot holds of a collection, ascending, excluded ones left out. It is used again for the next
/// stretch: everything in it is valid until then.
/// </summary>
public sealed class StoredRevisions : IRevisionBlock
{
    private readonly List<ReadOnlyMemory<byte>> _texts = [];
    private ulong[] _revisions = [];
    private Reference[] _references = [];

    internal StoredRevisions()
    {
    }

    /// <summary>Number of revisions.</summary>
    public int Count { get; private set; }

    /// <inheritdoc/>
    public ReadOnlySpan<ulong> Revisions => _revisions.AsSpan(0, Count);

    /// <summary>Where the document at a position is.</summary>
    public DocumentPlace PlaceOf(int position) => new(_references[position].Segment, _references[position].Frame);

    /// <summary>The key of the document at a position, in UTF-8.</summary>
    public ReadOnlySpan<byte> KeyOf(int position)
    {
        ref readonly var reference = ref _references[position];
        return _texts[reference.Text].Span.Slice(reference.KeyStart, reference.KeyLength);
    }

    internal void Clear()
    {
        Count = 0;
        _texts.Clear();
    }

    /// <summary>Adds documents of one list; their keys stand in <paramref name="text"/>.</summary>
    internal void Add(int segment, ReadOnlyMemory<byte> text, ReadOnlySpan<ListedDocument> documents)
    {
        if (Count + documents.Length > _revisions.Length)
        {
            var room = Math.Max(_revisions.Length * 2, Count + documents.Length);
            Array.Resize(ref _revisions, room);
            Array.Resize(ref _references, room);
        }

        if (_texts.Count == 0 || !_texts[^1].Equals(text))
        {
            _texts.Add(text);
        }

        var number = _texts.Count - 1;
        foreach (var document in documents)
        {
            _revisions[Count] = document.Revision;
            _references[Count++] = new Reference(segment, document.Frame, number, document.KeyStart, document.KeyLength);
        }
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Reference(int Segment, int Frame, int Text, int KeyStart, ushort KeyLength);
}

/// <summary>One record of a list of revisions; its key is a slice of the list's current block.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ListedDocument(ulong Revision, int Frame, int KeyStart, ushort KeyLength);
