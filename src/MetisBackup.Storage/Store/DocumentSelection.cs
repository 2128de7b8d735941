namespace MetisBackup.Storage.Store;

/// <summary>Documents of a collection that somebody wants from a snapshot; about 30 bytes each, so large sets are read in portions.</summary>
public sealed class DocumentSelection
{
    private readonly SortedDictionary<int, SelectedDocuments> _segments = [];

    /// <summary>Number of documents.</summary>
    public long Count { get; private set; }

    /// <summary>Adds a document: where it is and its revision, both as <see cref="StoredRevisions"/> says.</summary>
    public void Add(DocumentPlace place, ulong revision)
    {
        if (!_segments.TryGetValue(place.Segment, out var selected))
        {
            _segments.Add(place.Segment, selected = new SelectedDocuments([], []));
        }

        selected.Frames.Add(place.Frame);
        selected.Revisions.Add(revision);
        Count++;
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _segments.Clear();
        Count = 0;
    }

    internal IEnumerable<KeyValuePair<int, SelectedDocuments>> Segments => _segments;
}

/// <summary>What is wanted of one segment.</summary>
internal sealed record SelectedDocuments(HashSet<int> Frames, HashSet<ulong> Revisions);
