using System.Buffers.Binary;
using System.IO.Hashing;
using System.Security.Cryptography;
using MetisBackup.Core.Revisions;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace MetisBackup.Storage.Store;

/// <summary>What a block file lists.</summary>
internal enum BlockFileKind : byte
{
    /// <summary>The revisions of a segment with key and frame.</summary>
    Revisions = (byte)'R',

    /// <summary>The revisions of a segment that a snapshot leaves out.</summary>
    Exclusions = (byte)'X',
}

/// <summary>
/// A compact binary list: a header of 24 bytes (<c>METIS</c>, kind, 0, version, then count and XOR hash as 64-bit little-endian
/// numbers), blocks of at most 64 KiB (stored length as 32-bit little-endian number, one zstd frame), a length of 0, and the XXH3-64 of
/// everything before. No record crosses a block.
/// </summary>
internal static class BlockFile
{
    public const int HeaderLength = 24;
    public const int MaxBlockLength = 64 * 1024;
    public const byte Version = 1;

    public static byte[] Header(BlockFileKind kind, RevisionSummary summary)
    {
        var header = new byte[HeaderLength];
        "METIS"u8.CopyTo(header);
        header[5] = (byte)kind;
        header[7] = Version;
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(8), summary.Count);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(16), summary.Hash);
        return header;
    }
}

/// <summary>Writes a block file from begin to end.</summary>
internal sealed class BlockFileWriter : IDisposable
{
    private const int Level = 3;

    private readonly FileStream _file;
    private readonly Compressor _compressor = new(Level);
    private readonly XxHash3 _hash = new();
    private readonly IncrementalHash _sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _block = new byte[BlockFile.MaxBlockLength];
    private readonly byte[] _stored = new byte[sizeof(int) + Compressor.GetCompressBound(BlockFile.MaxBlockLength)];
    private int _length;

    public BlockFileWriter(string path, BlockFileKind kind, RevisionSummary summary)
    {
        _compressor.SetParameter(ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
        _file = StoreFile.Create(path);
        Append(BlockFile.Header(kind, summary));
    }

    /// <summary>Room for a record of at most <paramref name="maxLength"/> bytes; say with <see cref="Advance"/> how much of it was used.</summary>
    public Span<byte> GetSpan(int maxLength)
    {
        if (_length + maxLength > _block.Length)
        {
            FlushBlock();
        }

        return _block.AsSpan(_length, maxLength);
    }

    public void Advance(int length) => _length += length;

    /// <summary>Ends the block, so that what follows begins a new one.</summary>
    public void FlushBlock()
    {
        if (_length == 0)
        {
            return;
        }

        var stored = _compressor.Wrap(_block.AsSpan(0, _length), _stored.AsSpan(sizeof(int)));
        BinaryPrimitives.WriteInt32LittleEndian(_stored, stored);
        Append(_stored.AsSpan(0, sizeof(int) + stored));
        _length = 0;
    }

    /// <summary>Writes the end, seals the file and returns its SHA-256.</summary>
    public byte[] Complete()
    {
        FlushBlock();
        Append(stackalloc byte[sizeof(int)]);
        Span<byte> hash = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(hash, _hash.GetCurrentHashAsUInt64());
        Append(hash);
        StoreFile.Seal(_file);
        return _sha256.GetHashAndReset();
    }

    public void Dispose()
    {
        _file.Dispose();
        _compressor.Dispose();
        _sha256.Dispose();
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        _file.Write(bytes);
        _hash.Append(bytes);
        _sha256.AppendData(bytes);
    }
}

/// <summary>Reads a block file block by block; holds one block at a time.</summary>
internal sealed class BlockFileReader : IDisposable
{
    private readonly FileStream _file;
    private readonly Decompressor _decompressor = new();
    private readonly XxHash3 _hash = new();
    private readonly byte[] _block = new byte[BlockFile.MaxBlockLength];
    private byte[] _stored = new byte[4096];

    /// <summary>Opens a file and reads its header.</summary>
    /// <exception cref="FormatException">The file is not a block file of this kind.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public BlockFileReader(string path, BlockFileKind kind)
    {
        _file = StoreFile.Read(path);
        try
        {
            var header = ReadStored(BlockFile.HeaderLength);
            Summary = new RevisionSummary(
                BinaryPrimitives.ReadUInt64LittleEndian(header[8..]), BinaryPrimitives.ReadUInt64LittleEndian(header[16..]));
            if (!header.SequenceEqual(BlockFile.Header(kind, Summary)))
            {
                throw new FormatException("it does not begin as such a file does");
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Count and hash that the header states.</summary>
    public RevisionSummary Summary { get; }

    /// <summary>The next block, valid until the next call; empty behind the last, whose hash has then been checked.</summary>
    /// <exception cref="FormatException">The file is damaged; the message says how.</exception>
    public ReadOnlyMemory<byte> ReadBlock()
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(ReadStored(sizeof(int)));
        if (length == 0)
        {
            var expected = _hash.GetCurrentHashAsUInt64();
            var stated = BinaryPrimitives.ReadUInt64LittleEndian(ReadStored(sizeof(ulong)));
            return expected == stated && _file.ReadByte() < 0 ? default : throw new FormatException("its hash is wrong or something follows it");
        }

        if (length < 0 || length > Compressor.GetCompressBound(BlockFile.MaxBlockLength))
        {
            throw new FormatException("a block has an impossible length");
        }

        return Unpack(ReadStored(length));
    }

    public void Dispose()
    {
        _file.Dispose();
        _decompressor.Dispose();
    }

    private ReadOnlyMemory<byte> Unpack(ReadOnlySpan<byte> stored)
    {
        try
        {
            return _block.AsMemory(0, _decompressor.Unwrap(stored, _block));
        }
        catch (ZstdException error)
        {
            throw new FormatException("a block cannot be unpacked", error);
        }
    }

    private ReadOnlySpan<byte> ReadStored(int length)
    {
        if (_stored.Length < length)
        {
            _stored = new byte[Compressor.GetCompressBound(BlockFile.MaxBlockLength)];
        }

        var stored = _stored.AsSpan(0, length);
        if (_file.ReadAtLeast(stored, length, throwOnEndOfStream: false) < length)
        {
            throw new FormatException("it is cut off");
        }

        _hash.Append(stored);
        return stored;
    }
}
