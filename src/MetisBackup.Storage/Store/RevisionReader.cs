using System.Text;
using MetisBackup.Core.Revisions;
using MetisBackup.Core.Snapshots;

namespace MetisBackup.Storage.Store;

/// <summary>One document version of a snapshot and where it is.</summary>
/// <param name="Revision">Its revision.</param>
/// <param name="Key">Its key.</param>
/// <param name="Segment">Position of the segment in the collection's record.</param>
/// <param name="Frame">Position of the frame in the segment.</param>
public readonly record struct RevisionEntry(RevisionId Revision, string Key, int Segment, int Frame);

/// <summary>Merges the sorted lists of the segments of a collection; holds one block of each list.</summary>
internal static class RevisionReader
{
    public static IEnumerable<RevisionEntry> Read(string snapshotPath, CollectionRecord collection)
    {
        var sources = new List<Source>();
        try
        {
            var next = new PriorityQueue<Source, (RevisionId Revision, int Segment)>();
            foreach (var (position, segment) in collection.Segments.Index())
            {
                var source = new Source(snapshotPath, segment, position);
                sources.Add(source);
                if (source.MoveNext())
                {
                    next.Enqueue(source, (source.Current.Revision, position));
                }
            }

            while (next.TryDequeue(out var source, out _))
            {
                yield return source.Current;
                if (source.MoveNext())
                {
                    next.Enqueue(source, (source.Current.Revision, source.Current.Segment));
                }
            }
        }
        finally
        {
            sources.ForEach(source => source.Dispose());
        }
    }

    /// <summary>The revisions of one segment without the excluded ones: both lists ascend, so they are walked together.</summary>
    private sealed class Source : IDisposable
    {
        private readonly int _position;
        private RevisionListReader? _list;
        private ExclusionListReader? _exclusions;
        private bool _hasExclusion;
        private string _path;

        public Source(string snapshotPath, SegmentRecord segment, int position)
        {
            _position = position;
            _path = Path.Combine(snapshotPath, segment.Excluded?.File ?? segment.Revisions);
            Guard(() =>
            {
                _exclusions = segment.Excluded is null ? null : new ExclusionListReader(_path);
                _hasExclusion = _exclusions?.Read() ?? false;
                _path = Path.Combine(snapshotPath, segment.Revisions);
                _list = new RevisionListReader(_path);
                return true;
            });
        }

        public RevisionEntry Current { get; private set; }

        public bool MoveNext() => Guard(() =>
        {
            while (_list!.Read())
            {
                while (_hasExclusion && _exclusions!.Revision < _list.Revision)
                {
                    _hasExclusion = _exclusions.Read();
                }

                if (!_hasExclusion || _exclusions!.Revision != _list.Revision)
                {
                    Current = new RevisionEntry(_list.Revision, Encoding.UTF8.GetString(_list.Key), _position, _list.Frame);
                    return true;
                }
            }

            return false;
        });

        public void Dispose()
        {
            _list?.Dispose();
            _exclusions?.Dispose();
        }

        private bool Guard(Func<bool> read)
        {
            try
            {
                return read();
            }
            catch (FormatException error)
            {
                Dispose();
                throw StoreFault.Damaged($"'{_path}' is damaged: {error.Message}.", error);
            }
            catch (Exception error) when (StoreFault.IsDisk(error))
            {
                Dispose();
                throw StoreFault.Reading(error, _path);
            }
        }
    }
}
