using System.Security.Cryptography;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;
using MetisBackup.Core.Revisions;
using MetisBackup.Core.Snapshots;

namespace MetisBackup.Storage.Store;

/// <summary>Reads every document of one segment and compares it with the list of revisions beside it.</summary>
internal sealed class SegmentVerifier(SnapshotReader reader, CollectionRecord collection, SegmentRecord segment)
{
    public CollectionRecord Collection => collection;

    /// <summary>The file of documents, relative to the snapshot.</summary>
    public string File => segment.Documents;

    /// <summary>Whether every byte of the file went into the hash.</summary>
    public bool ReadToEnd { get; private set; }

    /// <summary>Count and hash of the documents that were found and are not excluded.</summary>
    public RevisionSummary Kept { get; private set; }

    /// <summary>Returns what is wrong with the content, if anything; the hash of the file is for the caller to judge.</summary>
    public async Task<VerificationFinding?> RunAsync(IncrementalHash hash, Action<int> count, CancellationToken cancellationToken)
    {
        try
        {
            var excluded = segment.Excluded is { } exclusion ? ExclusionList.ReadAll(Path.Combine(reader.Entry.Path, exclusion.File)) : [];
            using var entries = new SegmentEntries();
            using (var file = SegmentReader.Open(reader.Entry.Path, segment))
            {
                var fault = await ReadFramesAsync(file, entries, hash, count, cancellationToken);
                ReadToEnd = true;
                if (fault is not null)
                {
                    return Finding(segment.Documents, fault);
                }
            }

            return Compare(entries, excluded);
        }
        catch (MetisException error)
        {
            return Finding(null, error.Message);
        }
        catch (FormatException error)
        {
            return Finding(segment.Excluded?.File ?? segment.Revisions, error.Message);
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            return Finding(segment.Documents, error.Message);
        }
    }

    private async Task<string?> ReadFramesAsync(
        SegmentReader file, SegmentEntries entries, IncrementalHash hash, Action<int> count, CancellationToken cancellationToken)
    {
        var scanner = new DocumentScanner();
        string? fault = null;
        foreach (var (number, frame) in file.Frames.Index())
        {
            using var place = await reader.Decompressor.Budget.EnterAsync(frame, cancellationToken);
            var stored = await file.ReadFrameAsync(frame, cancellationToken);
            try
            {
                hash.AppendData(stored, 0, frame.StoredLength);
                count(frame.StoredLength);
                fault ??= ScanFrame(stored.AsSpan(0, frame.StoredLength), frame, number, entries, scanner);
            }
            finally
            {
                FrameMemory.Return(stored);
            }
        }

        return fault;
    }

    private string? ScanFrame(ReadOnlySpan<byte> stored, SegmentFrame frame, int number, SegmentEntries entries, DocumentScanner scanner)
    {
        try
        {
            using var block = reader.Decompressor.Unpack(stored, frame, place: null);
            var documents = 0;
            for (var rest = block.Lines.Span; !rest.IsEmpty; documents++)
            {
                var end = rest.IndexOf((byte)'\n');
                if (end < 0 || scanner.Scan(rest[..end]) is not null)
                {
                    return $"frame {number} holds something that is not a document";
                }

                entries.Add(scanner.Revision, scanner.Key, number);
                rest = rest[(end + 1)..];
            }

            return documents == frame.Documents ? null : $"frame {number} holds {documents} documents instead of {frame.Documents}";
        }
        catch (FormatException error)
        {
            return $"frame {number} cannot be unpacked ({error.Message})";
        }
    }

    private VerificationFinding? Compare(SegmentEntries entries, HashSet<ulong> excluded)
    {
        entries.Sort();
        using var list = new RevisionListReader(Path.Combine(reader.Entry.Path, segment.Revisions));
        var left = RevisionSummary.Empty;
        foreach (var entry in entries.All)
        {
            var revision = new RevisionId(entry.Revision);
            if (!list.Read() || list.Revision != revision || list.Frame != entry.Frame || !list.Key.SequenceEqual(entries.KeyOf(entry)))
            {
                return Finding(segment.Revisions, $"it does not list the documents of '{segment.Documents}'");
            }

            if (excluded.Contains(entry.Revision))
            {
                left = left.With(revision);
            }
            else
            {
                Kept = Kept.With(revision);
            }
        }

        if (list.Read())
        {
            return Finding(segment.Revisions, $"it lists more documents than '{segment.Documents}' holds");
        }

        return left == (segment.Excluded?.Summary() ?? RevisionSummary.Empty) ? null : Finding(segment.Excluded?.File, "it excludes documents that the segment does not hold");
    }

    private VerificationFinding Finding(string? file, string message) => new(
        file,
        collection.Name,
        file is null ? message : $"'{file}' of collection {QuotedName.Of(collection.Name)} is damaged: {message}.");
}
