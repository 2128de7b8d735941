using System.Buffers.Binary;
using System.Runtime.InteropServices;
using MetisBackup.Core.Errors;
using MetisBackup.Storage.Store;

namespace MetisBackup.Storage.Sorting;

/// <summary>What one state says of a key.</summary>
/// <param name="Value">Revision, or hash of the content.</param>
/// <param name="Place">Where the document is, in a snapshot.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct KeyedValue(ulong Value, DocumentPlace Place);

/// <summary>What two states say of a key.</summary>
/// <param name="Key">The key in UTF-8.</param>
/// <param name="Before">Null when the earlier state said nothing.</param>
/// <param name="After">Null when the later state said nothing.</param>
public sealed record KeyPair(byte[] Key, KeyedValue? Before, KeyedValue? After);

/// <summary>
/// Brings together what two states say of equal keys. Holds a bounded amount of memory: what does not fit is sorted and moved to a private
/// temporary file, which nobody else can open and which vanishes with the process.
/// </summary>
public sealed class KeyedRecords : IDisposable
{
    /// <summary>Usual amount of memory for records.</summary>
    public const int UsualMemory = 32 * 1024 * 1024;

    internal const int HeaderLength = 19;

    private const int FirstArena = 64 * 1024;
    private readonly int _memory;
    private readonly List<int> _offsets = [];
    private readonly List<(long Start, long End)> _runs = [];
    private readonly DocumentScanner _scanner = new();
    private byte[] _arena = new byte[FirstArena];
    private int _used;
    private FileStream? _file;

    /// <summary>Begins an empty collection.</summary>
    /// <param name="memory">Most bytes that are held in memory.</param>
    public KeyedRecords(int memory) => _memory = Math.Max(memory, FirstArena * 2);

    /// <summary>Adds what a state says of a key of at most 65,535 bytes.</summary>
    /// <exception cref="MetisException">NoSpace, Denied: as the disk of temporary files says.</exception>
    public void Add(bool isAfter, ReadOnlySpan<byte> key, KeyedValue value)
    {
        // a record takes its own bytes and its place in the order
        var length = HeaderLength + key.Length;
        if (_used + length + ((_offsets.Count + 1) * sizeof(int)) > _memory)
        {
            Spill();
        }

        if (_used + length > _arena.Length)
        {
            Array.Resize(ref _arena, Math.Max(_arena.Length * 2, _used + length));
        }

        var record = _arena.AsSpan(_used, length);
        BinaryPrimitives.WriteUInt16LittleEndian(record, checked((ushort)key.Length));
        record[2] = isAfter ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt64LittleEndian(record[3..], value.Value);
        BinaryPrimitives.WriteInt32LittleEndian(record[11..], value.Place.Segment);
        BinaryPrimitives.WriteInt32LittleEndian(record[15..], value.Place.Frame);
        key.CopyTo(record[HeaderLength..]);
        _offsets.Add(_used);
        _used += length;
    }

    /// <summary>Adds documents as JSON Lines and returns their number. Their revision becomes the value, or the hash of everything but the revision.</summary>
    /// <exception cref="MetisException">VerificationFailed: a line is not a document. NoSpace, Denied: as the disk of temporary files says.</exception>
    public int AddDocuments(bool isAfter, ReadOnlySpan<byte> lines, bool byContent)
    {
        var documents = 0;
        foreach (var range in lines.Split((byte)'\n'))
        {
            var line = lines[range];
            if (line.IsEmpty)
            {
                continue;
            }

            if (_scanner.Scan(line) is { } fault)
            {
                throw new MetisException(ErrorCode.VerificationFailed, $"A document that was to be compared {fault}.", "run the command again; if it happens again the server or a proxy in between is at fault");
            }

            Add(isAfter, _scanner.Key, new KeyedValue(byContent ? _scanner.HashContent(line) : _scanner.Revision.Value, default));
            documents++;
        }

        return documents;
    }

    /// <summary>All keys in ascending order of their bytes, each with what both states say of it. To be asked once, at the end.</summary>
    /// <exception cref="MetisException">NoSpace, Denied: as the disk of temporary files says.</exception>
    public IEnumerable<KeyPair> Pairs()
    {
        Sort();
        _file?.Flush();
        var runs = new PriorityQueue<SortedRun, SortedRun>(SortedRun.Order);
        foreach (var run in _runs.Select(run => (SortedRun)new SortedFile(_file!.SafeFileHandle, run.Start, run.End)).Append(new SortedMemory(_arena, _offsets)))
        {
            Enqueue(runs, run);
        }

        while (runs.TryDequeue(out var run, out _))
        {
            var (key, isAfter, value) = (run.Key.ToArray(), run.IsAfter, run.Value);
            Enqueue(runs, run);
            KeyedValue? partner = null;
            if (!isAfter && runs.TryPeek(out var next, out _) && next.IsAfter && next.Key.SequenceEqual(key))
            {
                partner = next.Value;
                Enqueue(runs, runs.Dequeue());
            }

            yield return isAfter ? new KeyPair(key, null, value) : new KeyPair(key, value, partner);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    private static void Enqueue(PriorityQueue<SortedRun, SortedRun> runs, SortedRun run)
    {
        if (run.MoveNext())
        {
            runs.Enqueue(run, run);
        }
    }

    private void Sort() => CollectionsMarshal.AsSpan(_offsets).Sort((left, right) => SortedRun.Compare(_arena.AsSpan(left), _arena.AsSpan(right)));

    private void Spill()
    {
        Sort();
        var path = Path.Combine(Path.GetTempPath(), "metis-sort-" + Path.GetRandomFileName());
        try
        {
            _file ??= new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                Options = FileOptions.DeleteOnClose,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
            var start = _file.Position;
            foreach (var offset in _offsets)
            {
                _file.Write(_arena.AsSpan(offset, HeaderLength + BinaryPrimitives.ReadUInt16LittleEndian(_arena.AsSpan(offset))));
            }

            _file.Flush();
            _runs.Add((start, _file.Position));
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            throw StoreFault.Writing(error, _file?.Name ?? path);
        }

        _offsets.Clear();
        _used = 0;
    }
}
