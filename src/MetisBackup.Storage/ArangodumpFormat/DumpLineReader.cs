using System.Buffers;

namespace MetisBackup.Storage.ArangodumpFormat;

/// <summary>Reads a data file line by line in portions of about 1 MiB; only a single longer document takes more.</summary>
/// <param name="stream">The unpacked file, which the caller closes.</param>
internal sealed class DumpLineReader(Stream stream) : IDisposable
{
    private const int PortionBytes = 1024 * 1024;
    private const int LongestLine = 512 * 1024 * 1024;

    private static readonly byte[] ByteOrderMark = [0xEF, 0xBB, 0xBF];

    private readonly DumpLine _line = new();
    private readonly ArrayBufferWriter<byte> _documents = new();
    private readonly ArrayBufferWriter<byte> _keys = new();
    private readonly List<DumpedKey> _lines = [];
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(PortionBytes);
    private int _filled;
    private long _number;

    /// <summary>The next lines; null behind the last.</summary>
    /// <exception cref="FormatException">A line is not what it should be, or the file is damaged; the message names the line, as half a sentence.</exception>
    public async Task<DumpLines?> ReadAsync(CancellationToken cancellationToken)
    {
        _documents.ResetWrittenCount();
        _keys.ResetWrittenCount();
        _lines.Clear();
        while (_lines.Count == 0)
        {
            var isLast = !await FillAsync(cancellationToken);
            var taken = isLast ? _filled : _buffer.AsSpan(0, _filled).LastIndexOf((byte)'\n') + 1;
            Take(_buffer.AsSpan(0, taken));
            _buffer.AsSpan(taken, _filled - taken).CopyTo(_buffer);
            _filled -= taken;
            if (isLast)
            {
                break;
            }
        }

        return _lines.Count == 0 ? null : new DumpLines(_documents.WrittenMemory, _keys.WrittenMemory, _lines);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    /// <summary>Reads until the buffer holds a whole line and is full; false at the end of the file.</summary>
    private async Task<bool> FillAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_filled == _buffer.Length)
            {
                if (_buffer.AsSpan(0, _filled).Contains((byte)'\n'))
                {
                    return true;
                }

                Grow();
            }

            var read = await stream.ReadAsync(_buffer.AsMemory(_filled), cancellationToken);
            _filled += read;
            if (read == 0)
            {
                return false;
            }
        }
    }

    private void Grow()
    {
        if (_buffer.Length >= LongestLine)
        {
            throw new FormatException($"line {_number + 1} is longer than {LongestLine >> 20} MiB");
        }

        var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        _buffer.AsSpan(0, _filled).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }

    private void Take(ReadOnlySpan<byte> lines)
    {
        while (!lines.IsEmpty)
        {
            var end = lines.IndexOf((byte)'\n');
            var line = lines[..(end < 0 ? lines.Length : end)];
            lines = lines[(end < 0 ? lines.Length : end + 1)..];
            if (_number++ == 0 && line.StartsWith(ByteOrderMark))
            {
                line = line[ByteOrderMark.Length..];
            }

            line = line.Trim(" \t\r"u8);
            if (!line.IsEmpty)
            {
                TakeLine(line);
            }
        }
    }

    private void TakeLine(ReadOnlySpan<byte> line)
    {
        Range document;
        try
        {
            document = _line.Read(line);
        }
        catch (FormatException error)
        {
            throw new FormatException($"line {_number} {error.Message}", error);
        }

        var (start, keyStart) = (_documents.WrittenCount, _keys.WrittenCount);
        if (!line[document].IsEmpty)
        {
            _documents.Write(line[document]);
            _documents.Write("\n"u8);
        }

        _keys.Write(_line.Key);
        _lines.Add(new DumpedKey(start.._documents.WrittenCount, keyStart.._keys.WrittenCount));
    }
}
