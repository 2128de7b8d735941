using MetisBackup.DevServer.Engine;

namespace MetisBackup.DevServer.Endpoints.Dumps;

/// <summary>Record ids of one collection that are still to be read; both ends inclusive.</summary>
internal readonly record struct DumpRange(CollectionInfo Collection, ulong First, ulong Last);

/// <summary>
/// The ranges of a parallel dump that wait for a thread. They come out in no order that a client could rely on, as on the real server.
/// </summary>
internal sealed class DumpRanges(IEnumerable<DumpRange> ranges)
{
    private readonly List<DumpRange> _waiting = [.. ranges];
    private uint _shuffle;
    private int _taken;

    /// <summary>A range to read; waits while others may still give something back. Null when everything has been read.</summary>
    public DumpRange? Take()
    {
        lock (_waiting)
        {
            while (_waiting.Count == 0 && _taken > 0)
            {
                Monitor.Wait(_waiting);
            }

            if (_waiting.Count == 0)
            {
                return null;
            }

            _shuffle = (_shuffle * 1_664_525) + 1_013_904_223;
            var place = (int)((_shuffle >> 8) % (uint)_waiting.Count);
            var range = _waiting[place];
            _waiting.RemoveAt(place);
            _taken++;
            return range;
        }
    }

    /// <summary>Ends one <see cref="Take"/> with what is left of its range.</summary>
    public void GiveBack(IReadOnlyList<DumpRange> rest)
    {
        lock (_waiting)
        {
            _taken--;
            _waiting.AddRange(rest);
            Monitor.PulseAll(_waiting);
        }
    }
}
