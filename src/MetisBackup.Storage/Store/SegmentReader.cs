using System.Buffers.Binary;
using MetisBackup.Core.Snapshots;

namespace MetisBackup.Storage.Store;

/// <summary>Reads the frames of one segment in order; knows what its list of revisions says about them.</summary>
internal sealed class SegmentReader : IDisposable
{
    private readonly FileStream _file;

    private SegmentReader(FileStream file, IReadOnlyList<SegmentFrame> frames)
    {
        _file = file;
        Frames = frames;
    }

    public IReadOnlyList<SegmentFrame> Frames { get; }

    /// <summary>Opens the documents of a segment.</summary>
    /// <exception cref="Core.Errors.MetisException">VerificationFailed: a file is missing, damaged, or not the one that the manifest means.</exception>
    public static SegmentReader Open(string snapshotPath, SegmentRecord segment)
    {
        var frames = ReadFrames(snapshotPath, segment);
        var path = Path.Combine(snapshotPath, segment.Documents);
        try
        {
            var file = StoreFile.Read(path);
            if (file.Length == segment.StoredBytes && file.Length == frames.Sum(frame => (long)frame.StoredLength))
            {
                return new SegmentReader(file, frames);
            }

            file.Dispose();
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            throw StoreFault.Reading(error, path);
        }

        throw StoreFault.Damaged($"'{path}' does not have the length that it was written with.");
    }

    /// <summary>Whether these four bytes, little-endian, stand at a position.</summary>
    public bool BeginsWith(long position, uint magic)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        return RandomAccess.Read(_file.SafeFileHandle, bytes, position) == bytes.Length && BinaryPrimitives.ReadUInt32LittleEndian(bytes) == magic;
    }

    /// <summary>Passes over the next frame.</summary>
    public void Skip(SegmentFrame frame) => _file.Position += frame.StoredLength;

    /// <summary>Reads the next frame, packed, into memory of <see cref="FrameMemory"/> that the caller gives back.</summary>
    /// <exception cref="IOException">The file cannot be read or is cut off.</exception>
    public async Task<byte[]> ReadFrameAsync(SegmentFrame frame, CancellationToken cancellationToken)
    {
        var stored = FrameMemory.Rent(frame.StoredLength);
        try
        {
            await _file.ReadExactlyAsync(stored.AsMemory(0, frame.StoredLength), cancellationToken);
            return stored;
        }
        catch
        {
            FrameMemory.Return(stored);
            throw;
        }
    }

    public void Dispose() => _file.Dispose();

    private static IReadOnlyList<SegmentFrame> ReadFrames(string snapshotPath, SegmentRecord segment)
    {
        var path = Path.Combine(snapshotPath, segment.Revisions);
        try
        {
            using var list = new RevisionListReader(path);
            return list.Summary == segment.Summary() && list.Frames.Sum(frame => (long)frame.Documents) == segment.Count
                ? list.Frames
                : throw new FormatException("it belongs to another segment");
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
}
