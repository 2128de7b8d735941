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

/// <summary>
/// Merges the sorted lists of the segments of a collection; holds one block of each list. Lists mostly follow one another, so whole runs
/// are taken from one before the next is looked at.
/// </summary>
internal static class RevisionReader
{
    public static IEnumerable<RevisionEntry> Read(string snapshotPath, CollectionRecord collection)
    {
        foreach (var block in ReadBlocks(snapshotPath, collection))
        {
            for (var position = 0; position < block.Count; position++)
            {
                var place = block.PlaceOf(position);
                yield return new RevisionEntry(
                    new RevisionId(block.Revisions[position]), Encoding.UTF8.GetString(block.KeyOf(position)), place.Segment, place.Frame);
            }
        }
    }

    public static IEnumerable<StoredRevisions> ReadBlocks(string snapshotPath, CollectionRecord collection)
    {
        var sources = new List<SegmentRevisions>();
        try
        {
            var next = new PriorityQueue<SegmentRevisions, (ulong Revision, int Segment)>();
            foreach (var (position, segment) in collection.Segments.Index())
            {
                var source = new SegmentRevisions(snapshotPath, segment, position);
                sources.Add(source);
                if (source.Load())
                {
                    next.Enqueue(source, (source.Head, position));
                }
            }

            var block = new StoredRevisions();
            while (next.TryDequeue(out var source, out _))
            {
                block.Add(source.Segment, source.Text, source.TakeUpTo(next.TryPeek(out _, out var following) ? following.Revision : ulong.MaxValue));
                if (source.IsEmpty)
                {
                    // Its next block takes the place of the keys of this one.
                    yield return block;
                    block.Clear();
                    if (!source.Load())
                    {
                        continue;
                    }
                }

                next.Enqueue(source, (source.Head, source.Segment));
            }
        }
        finally
        {
            sources.ForEach(source => source.Dispose());
        }
    }

    /// <summary>The revisions of one segment without the excluded ones: both lists ascend, so they are walked together.</summary>
    private sealed class SegmentRevisions : IDisposable
    {
        private RevisionListReader? _list;
        private ExclusionListReader? _exclusions;
        private bool _hasExclusion;
        private string _path;
        private ListedDocument[] _documents = [];
        private int _count;
        private int _taken;

        public SegmentRevisions(string snapshotPath, SegmentRecord segment, int position)
        {
            Segment = position;
            _path = Path.Combine(snapshotPath, segment.Excluded?.File ?? segment.Revisions);
            Guard(() =>
            {
                _exclusions = segment.Excluded is null ? null : new ExclusionListReader(_path);
                _hasExclusion = _exclusions?.Read() ?? false;
                _path = Path.Combine(snapshotPath, segment.Revisions);
                _list = new RevisionListReader(_path);
                return _list.Summary == segment.Summary() ? true : throw new FormatException("it belongs to another segment");
            });
        }

        /// <summary>Position of the segment.</summary>
        public int Segment { get; }

        /// <summary>Where the keys of the current documents stand.</summary>
        public ReadOnlyMemory<byte> Text => _list!.Block;

        public bool IsEmpty => _taken == _count;

        public ulong Head => _documents[_taken].Revision;

        /// <summary>Loads the documents of the next block that has any; false behind the last.</summary>
        public bool Load() => Guard(() =>
        {
            (_count, _taken) = (0, 0);
            while (_count == 0)
            {
                var read = _list!.ReadBlock(ref _documents);
                if (read == 0)
                {
                    return false;
                }

                _count = _exclusions is null ? read : Filter(read);
            }

            return true;
        });

        /// <summary>At least one document, and those behind it that are not above <paramref name="limit"/>.</summary>
        public ReadOnlySpan<ListedDocument> TakeUpTo(ulong limit)
        {
            var start = _taken++;
            if (limit >= _documents[_count - 1].Revision)
            {
                _taken = _count;
            }

            while (_taken < _count && _documents[_taken].Revision <= limit)
            {
                _taken++;
            }

            return _documents.AsSpan(start, _taken - start);
        }

        public void Dispose()
        {
            _list?.Dispose();
            _exclusions?.Dispose();
        }

        private int Filter(int read)
        {
            var kept = 0;
            foreach (var document in _documents.AsSpan(0, read))
            {
                while (_hasExclusion && _exclusions!.Revision.Value < document.Revision)
                {
                    _hasExclusion = _exclusions.Read();
                }

                if (!_hasExclusion || _exclusions!.Revision.Value != document.Revision)
                {
                    _documents[kept++] = document;
                }
            }

            return kept;
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
