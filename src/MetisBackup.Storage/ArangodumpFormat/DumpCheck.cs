namespace MetisBackup.Storage.ArangodumpFormat;

/// <summary>What was found when a dump was read from begin to end.</summary>
/// <param name="Dump">What it holds; null when not even that can be told.</param>
/// <param name="Bytes">Size of its files of documents.</param>
/// <param name="Documents">Documents of each collection whose files could be read: what remains when removals are followed.</param>
/// <param name="Faults">What is wrong: one sentence each; empty when nothing is.</param>
public sealed record DumpVerdict(DumpCatalogue? Dump, long Bytes, IReadOnlyDictionary<string, long> Documents, IReadOnlyList<string> Faults);

/// <summary>
/// Reads every line of a dump and writes nothing. A dump has no hashes: this shows that all of it can be read and restored, not that it is
/// what it was when it was made.
/// </summary>
public static class DumpCheck
{
    /// <summary>Reads everything.</summary>
    /// <param name="files">Where the dump is.</param>
    /// <param name="progress">Told of documents and bytes: collection, documents, bytes.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <exception cref="NotSupportedException">It is of a kind that is not read: encrypted, VelocyPack.</exception>
    public static async Task<DumpVerdict> RunAsync(IDumpFiles files, Action<string, int, int> progress, CancellationToken cancellationToken)
    {
        var run = new Run(files, progress);
        var faults = new List<string>();
        try
        {
            await run.ReadAsync(cancellationToken);
        }
        catch (Exception error) when (error is FormatException || Store.StoreFault.IsDisk(error))
        {
            faults.Add($"'{files.Place}' is damaged: {error.Message}.");
        }
        finally
        {
            run.Dispose();
        }

        return new DumpVerdict(run.Dump, run.Dump?.Collections.Sum(static one => one.DataBytes) ?? 0, run.Documents, faults);
    }

    private sealed class Run(IDumpFiles files, Action<string, int, int> progress) : IDisposable
    {
        private readonly Dictionary<string, (DumpReplay Replay, int FilesLeft)> _open = new(StringComparer.Ordinal);

        public DumpCatalogue? Dump { get; private set; }

        public Dictionary<string, long> Documents { get; } = new(StringComparer.Ordinal);

        public async Task ReadAsync(CancellationToken cancellationToken)
        {
            Dump = await DumpCatalogueReader.ReadAsync(files, cancellationToken);
            foreach (var one in Dump.Collections.Where(static one => one.DataFiles.Count == 0))
            {
                Documents.Add(one.Name, 0);
            }

            await DumpDocuments.ReadAsync(files, Dump, (one, _, lines) => Task.Run(() => Take(one, lines), cancellationToken), cancellationToken);
        }

        public void Dispose()
        {
            foreach (var (replay, _) in _open.Values)
            {
                replay.Dispose();
            }

            _open.Clear();
        }

        private void Take(CollectionInDump one, DumpLines? lines)
        {
            if (!_open.TryGetValue(one.Name, out var open))
            {
                open = (new DumpReplay(), one.DataFiles.Count);
                _open.Add(one.Name, open);
            }

            if (lines is not null)
            {
                open.Replay.Add(lines);
                progress(one.Name, lines.Lines.Count, lines.Documents.Length);
            }
            else if (open.FilesLeft > 1)
            {
                _open[one.Name] = open with { FilesLeft = open.FilesLeft - 1 };
            }
            else
            {
                Documents.Add(one.Name, (long)open.Replay.Lines - (open.Replay.FindObsolete()?.Count ?? 0));
                _open.Remove(one.Name);
                open.Replay.Dispose();
            }
        }
    }
}
