using System.Collections;

namespace MetisBackup.Core.Revisions;

/// <summary>
/// Ascending ids in memory, as distances of one to ten bytes each: about two where documents were written in bulk. Not safe for several
/// threads at a time.
/// </summary>
public sealed class CompactRevisions : IEnumerable<ulong>
{
    private const int GroupBits = 7;
    private const byte More = 0x80;
    private const int LongestDistance = 10;

    private byte[] _distances = [];
    private int _length;
    private ulong _last;

    /// <summary>Number of ids.</summary>
    public long Count => (long)Summary.Count;

    /// <summary>Count and hash of the ids.</summary>
    public RevisionSummary Summary { get; private set; }

    /// <summary>Appends an id that is not below the last one.</summary>
    public void Add(ulong id)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(id, _last);
        if (_length + LongestDistance > _distances.Length)
        {
            Array.Resize(ref _distances, Math.Max(64, checked(_distances.Length * 2)));
        }

        var distance = id - _last;
        for (; distance >= More; distance >>= GroupBits)
        {
            _distances[_length++] = (byte)(distance | More);
        }

        _distances[_length++] = (byte)distance;
        _last = id;
        Summary = Summary.With(new RevisionId(id));
    }

    /// <inheritdoc/>
    public IEnumerator<ulong> GetEnumerator()
    {
        var (id, position) = (0UL, 0);
        while (position < _length)
        {
            var (distance, shift) = (0UL, 0);
            while (_distances[position] >= More)
            {
                distance |= (ulong)(_distances[position++] & (More - 1)) << shift;
                shift += GroupBits;
            }

            id += distance | ((ulong)_distances[position++] << shift);
            yield return id;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
