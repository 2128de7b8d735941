using System.Security.Cryptography;
using MetisBackup.Core.Revisions;
using MetisBackup.Core.Snapshots;

namespace MetisBackup.Storage.Store;

/// <summary>
/// Takes segments of an older snapshot into one that is being written: under the same path, as hard links where the file system has them.
/// What is visibly damaged is not taken.
/// </summary>
internal sealed class SegmentLinker(SnapshotReader parent, string folder, HashList hashes, bool verifyContent)
{
    private const uint FrameMagic = 0xFD2FB528;
    private const int ChunkBytes = 256 * 1024;

    /// <summary>Size of the files that need no room of their own.</summary>
    public long SharedBytes { get; private set; }

    /// <summary>Takes a segment over; returns its record for the new snapshot.</summary>
    /// <param name="segment">The segment as the older snapshot has it.</param>
    /// <param name="removed">Revisions that the new snapshot leaves out beyond what the older one does; null for none.</param>
    /// <exception cref="Core.Errors.MetisException">VerificationFailed: it is damaged. NoSpace, Denied: as the disk says.</exception>
    public SegmentRecord Take(SegmentRecord segment, CompactRevisions? removed)
    {
        CheckFrames(segment);
        Share(segment.Documents, verifyContent);
        Share(segment.Revisions, verify: true);
        if (removed is null)
        {
            if (segment.Excluded is { } same)
            {
                _ = SnapshotReader.ReadChecked(parent.Entry.Path, parent.Hashes, same.File);
                Share(same.File, verify: false);
            }

            return segment;
        }

        var excluded = Exclusions(segment, removed);
        var file = Path.ChangeExtension("excluded/" + segment.Revisions["segments/".Length..], ExclusionList.Extension);
        var path = Path.Combine(folder, file);
        StoreFile.CreateDirectory(Path.GetDirectoryName(path)!);
        hashes.Set(file, ExclusionList.Write(path, excluded));
        var sum = TreeRoot.Of(RevisionSummary.Of(excluded));
        return segment with { Excluded = new ExclusionRecord { File = file, Count = sum.Count, RevisionHash = sum.Hash } };
    }

    /// <summary>What the older snapshot leaves out of a segment and what <paramref name="removed"/> adds to it, ascending.</summary>
    public List<RevisionId> Exclusions(SegmentRecord segment, CompactRevisions? removed)
    {
        var before = segment.Excluded is { } excluded ? Read(excluded) : [];
        return [.. before.Concat(removed ?? []).Order().Select(static id => new RevisionId(id))];
    }

    private List<ulong> Read(ExclusionRecord excluded)
    {
        var path = Path.Combine(parent.Entry.Path, excluded.File);
        try
        {
            using var list = new ExclusionListReader(path);
            var ids = new List<ulong>();
            while (list.Read())
            {
                ids.Add(list.Revision.Value);
            }

            return ids;
        }
        catch (FormatException error)
        {
            throw StoreFault.Damaged($"'{path}' is damaged: {error.Message}.", error);
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            throw StoreFault.Reading(error, path);
        }
    }

    /// <summary>Its length, the list beside it, and the beginnings of its first and last frame are what they should be.</summary>
    private void CheckFrames(SegmentRecord segment)
    {
        using var file = SegmentReader.Open(parent.Entry.Path, segment);
        if (file.Frames.Count > 0 && !(file.BeginsWith(0, FrameMagic) && file.BeginsWith(segment.StoredBytes - file.Frames[^1].StoredLength, FrameMagic)))
        {
            throw StoreFault.Damaged($"'{Path.Combine(parent.Entry.Path, segment.Documents)}' is damaged: a frame does not begin as it should.");
        }
    }

    /// <summary>Takes a file over. Lists are always compared with their hashes: they are small, and the beginning of one says nothing about its end.</summary>
    private void Share(string relativePath, bool verify)
    {
        var (source, target) = (Path.Combine(parent.Entry.Path, relativePath), Path.Combine(folder, relativePath));
        var expected = Convert.FromHexString(parent.Hashes.Hashes[relativePath]);
        if (verify)
        {
            Require(expected, source, Copy(source, Stream.Null));
        }

        StoreFile.CreateDirectory(Path.GetDirectoryName(target)!);
        try
        {
            if (HardLink.TryCreate(source, target))
            {
                SharedBytes += new FileInfo(target).Length;
            }
            else
            {
                using var copy = StoreFile.Create(target);
                Require(expected, source, Copy(source, copy));
                StoreFile.Seal(copy);
            }
        }
        catch (FileNotFoundException error)
        {
            throw StoreFault.Reading(error, source);
        }

        hashes.Set(relativePath, expected);
    }

    private static byte[] Copy(string source, Stream target)
    {
        FileStream file;
        try
        {
            file = StoreFile.Read(source);
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            throw StoreFault.Reading(error, source);
        }

        using (file)
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var buffer = new byte[ChunkBytes];
            int read;
            while ((read = file.Read(buffer)) > 0)
            {
                hash.AppendData(buffer, 0, read);
                target.Write(buffer, 0, read);
            }

            return hash.GetHashAndReset();
        }
    }

    private static void Require(byte[] expected, string path, byte[] hash)
    {
        if (!hash.AsSpan().SequenceEqual(expected))
        {
            throw StoreFault.Damaged($"'{path}' is damaged: it does not match its SHA-256.");
        }
    }
}
