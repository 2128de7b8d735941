using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using MetisBackup.Storage.Store;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace MetisBackup.Storage.Bulk;

/// <summary>Writes JSON objects, one per line, into one zstd frame with a checksum.</summary>
internal sealed class PackedLineWriter : IDisposable
{
    private const int Level = 3;
    private const int BytesAtOnce = 64 * 1024;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly FileStream _file;
    private readonly CompressionStream _packed;
    private readonly ArrayBufferWriter<byte> _lines = new(BytesAtOnce);
    private readonly Utf8JsonWriter _json;

    /// <summary>Begins the frame.</summary>
    /// <param name="file">An empty file, open for writing; belongs to the writer.</param>
    public PackedLineWriter(FileStream file)
    {
        _file = file;
        _packed = new CompressionStream(_file, Level, leaveOpen: true);
        _packed.SetParameter(ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
        _json = new Utf8JsonWriter(_lines, Options);
    }

    /// <summary>Appends what <paramref name="write"/> writes as a line.</summary>
    public void Write<T>(T value, Action<Utf8JsonWriter, T> write)
    {
        write(_json, value);
        _json.Flush();
        _json.Reset();
        _lines.Write("\n"u8);
        if (_lines.WrittenCount >= BytesAtOnce)
        {
            Pack();
        }
    }

    /// <summary>Ends the frame and seals the file.</summary>
    public void Complete()
    {
        Pack();
        _packed.Dispose();
        StoreFile.Seal(_file);
    }

    public void Dispose()
    {
        _packed.Dispose();
        _json.Dispose();
        _file.Dispose();
    }

    private void Pack()
    {
        _packed.Write(_lines.WrittenSpan);
        _lines.ResetWrittenCount();
    }
}

/// <summary>Reads such lines; holds one block of them.</summary>
internal static class PackedLines
{
    private const int BytesAtOnce = 64 * 1024;
    private const int LongestLine = 16 * 1024 * 1024;

    /// <summary>The lines, each valid until the next is asked for.</summary>
    /// <exception cref="FormatException">The file is damaged; the message says how.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IEnumerable<ReadOnlyMemory<byte>> Read(string path)
    {
        using var file = StoreFile.Read(path);
        using var unpacked = new DecompressionStream(file);
        var buffer = new byte[BytesAtOnce];
        var (begin, end) = (0, 0);
        while (true)
        {
            var line = buffer.AsMemory(begin, end - begin);
            var length = line.Span.IndexOf((byte)'\n');
            if (length >= 0)
            {
                begin += length + 1;
                yield return line[..length];
                continue;
            }

            buffer = Room(buffer, begin, end);
            (begin, end) = (0, end - begin);
            var read = Fill(unpacked, buffer.AsSpan(end));
            if (read == 0)
            {
                break;
            }

            end += read;
        }

        if (begin != end)
        {
            throw new FormatException("it is cut off");
        }
    }

    private static int Fill(DecompressionStream unpacked, Span<byte> room)
    {
        try
        {
            return unpacked.Read(room);
        }
        catch (Exception error) when (error is ZstdException or EndOfStreamException)
        {
            throw new FormatException("it cannot be unpacked", error);
        }
    }

    private static byte[] Room(byte[] buffer, int begin, int end)
    {
        var length = end - begin;
        if (length >= LongestLine)
        {
            throw new FormatException("a line of it is too long");
        }

        var room = length > buffer.Length / 2 ? new byte[buffer.Length * 2] : buffer;
        buffer.AsSpan(begin, length).CopyTo(room);
        return room;
    }
}
