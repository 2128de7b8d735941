using MetisBackup.Storage.Sorting;

namespace MetisBackup.Storage.ArangodumpFormat;

/// <summary>
/// Finds out what remains of a data file that is a log: the last line of a key wins, and a removal takes the document away (old servers
/// wrote such files). Memory is bounded; what does not fit is sorted on disk.
/// </summary>
internal sealed class DumpReplay : IDisposable
{
    private readonly KeyedRecords _records = new(KeyedRecords.UsualMemory);
    private ulong _lines;

    /// <summary>Number of lines so far.</summary>
    public ulong Lines => _lines;

    /// <summary>Takes note of lines in their order.</summary>
    /// <exception cref="Core.Errors.MetisException">NoSpace, Denied: as the disk of temporary files says.</exception>
    public void Add(DumpLines lines)
    {
        foreach (var line in lines.Lines)
        {
            _records.Add(isAfter: true, lines.Keys.Span[line.Key], new KeyedValue((_lines << 1) | (line.IsRemoval ? 1UL : 0), default));
            _lines++;
        }
    }

    /// <summary>Positions of the lines whose documents do not remain; null when all remain. To be asked once, at the end.</summary>
    public HashSet<ulong>? FindObsolete()
    {
        var obsolete = new HashSet<ulong>();
        byte[]? key = null;
        var last = 0UL;
        foreach (var pair in _records.Pairs())
        {
            var line = pair.After!.Value.Value;
            if (key is not null && pair.Key.AsSpan().SequenceEqual(key))
            {
                obsolete.Add(Math.Min(line, last) >> 1);
                last = Math.Max(line, last);
                continue;
            }

            Remove(obsolete, key, last);
            (key, last) = (pair.Key, line);
        }

        Remove(obsolete, key, last);
        return obsolete.Count == 0 ? null : obsolete;
    }

    /// <inheritdoc/>
    public void Dispose() => _records.Dispose();

    private static void Remove(HashSet<ulong> obsolete, byte[]? key, ulong last)
    {
        if (key is not null && (last & 1) != 0)
        {
            obsolete.Add(last >> 1);
        }
    }
}
