using System.IO.Compression;

namespace MetisBackup.Storage.ArangodumpFormat;

/// <summary>
/// Unpacks one gzip stream and counts what comes out against a limit. What was cut off is an error: the last four bytes state the length,
/// which the runtime's own stream does not look at.
/// </summary>
internal sealed class UnpackingStream : ForwardStream
{
    private readonly TailStream _packed;
    private readonly GZipStream _gzip;
    private readonly UnpackedLimit _limit;
    private uint _length;

    /// <summary>Unpacks a stream, which belongs to it from now on.</summary>
    public UnpackingStream(Stream packed, UnpackedLimit limit)
    {
        _packed = new TailStream(packed);
        _gzip = new GZipStream(_packed, CompressionMode.Decompress);
        _limit = limit;
    }

    public override int Read(Span<byte> buffer)
    {
        try
        {
            return Counted(buffer.Length, _gzip.Read(buffer));
        }
        catch (InvalidDataException error)
        {
            throw Damaged(error);
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return Counted(buffer.Length, await _gzip.ReadAsync(buffer, cancellationToken));
        }
        catch (InvalidDataException error)
        {
            throw Damaged(error);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _gzip.Dispose();
            _packed.Dispose();
        }

        base.Dispose(disposing);
    }

    private static FormatException Damaged(InvalidDataException cause) => new("its gzip data is damaged", cause);

    private int Counted(int wanted, int read)
    {
        _length = unchecked(_length + (uint)read);
        _limit.Count(read);
        return read > 0 || wanted == 0 || (_packed.Count > sizeof(uint) && _packed.Tail == _length)
            ? read
            : throw new FormatException("its gzip data is cut off, or something follows it");
    }
}
