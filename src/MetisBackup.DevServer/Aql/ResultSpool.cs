using System.Buffers;
using System.Buffers.Binary;

namespace MetisBackup.DevServer.Aql;

/// <summary>
/// The finished rows of a query, read once from the first to the last. Rows beyond a few megabytes wait in a file without a name, which
/// vanishes with the process.
/// </summary>
internal sealed class ResultSpool(string directory) : IDisposable
{
    private const int MemoryLimit = 4 << 20;

    private readonly ArrayBufferWriter<byte> _tail = new();
    private readonly Queue<ReadOnlyMemory<byte>> _rows = new();
    private FileStream? _file;
    private long _inMemory;
    private long _inFile;
    private long _read;

    /// <summary>Number of rows added.</summary>
    public long Count { get; private set; }

    public bool IsAtEnd => _read == Count;

    public void Add(AqlValue row)
    {
        Count++;
        if (_file is null && _inMemory < MemoryLimit)
        {
            var bytes = AqlJson.ToUtf8(row);
            _inMemory += bytes.Length;
            _rows.Enqueue(bytes);
            return;
        }

        _file ??= CreateFile();
        _inFile++;
        _tail.ResetWrittenCount();
        AqlJson.Write(_tail, row);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, _tail.WrittenCount);
        _file.Write(length);
        _file.Write(_tail.WrittenSpan);
    }

    /// <summary>No more rows will come; reading may begin.</summary>
    public void Complete() => _file?.Seek(0, SeekOrigin.Begin);

    /// <summary>Appends the next row to the output.</summary>
    public void ReadNext(IBufferWriter<byte> output)
    {
        _read++;
        if (_rows.TryDequeue(out var row))
        {
            output.Write(row.Span);
            return;
        }

        if (_file is null || _inFile == 0)
        {
            throw new InvalidOperationException("There are no more rows.");
        }

        Span<byte> length = stackalloc byte[sizeof(int)];
        _file.ReadExactly(length);
        var size = BinaryPrimitives.ReadInt32LittleEndian(length);
        var span = output.GetSpan(size)[..size];
        _file.ReadExactly(span);
        output.Advance(size);
    }

    public void Dispose() => _file?.Dispose();

    private FileStream CreateFile()
    {
        Directory.CreateDirectory(directory);
        var path = Path.Combine(directory, Path.GetRandomFileName());
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.Delete,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var file = new FileStream(path, options);
        File.Delete(path);
        return file;
    }
}
