using MetisBackup.Core.Naming;

namespace MetisBackup.Storage.ArangodumpFormat;

/// <summary>Reads the documents of a dump, file by file in the order in which they lie there.</summary>
internal static class DumpDocuments
{
    /// <summary>Reads the files of documents.</summary>
    /// <param name="files">Where the dump is.</param>
    /// <param name="dump">What it holds.</param>
    /// <param name="take">Given lines of a collection; null behind the last line of each file.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <exception cref="FormatException">A file is damaged; the message names it, as half a sentence.</exception>
    /// <exception cref="IOException">The disk refuses.</exception>
    public static async Task ReadAsync(IDumpFiles files, DumpCatalogue dump, Func<CollectionInDump, string, DumpLines?, Task> take, CancellationToken cancellationToken)
    {
        var owners = dump.Collections.SelectMany(static one => one.DataFiles.Select(file => (file, one))).ToDictionary(static pair => pair.file, static pair => pair.one, StringComparer.Ordinal);
        await files.VisitAsync(
            async entry =>
            {
                if (owners.TryGetValue(entry.Path, out var collection))
                {
                    await ReadFileAsync(entry, (lines, file) => take(collection, file, lines), cancellationToken);
                    owners.Remove(entry.Path);
                }
            },
            cancellationToken);
        if (owners.Keys.FirstOrDefault() is { } gone)
        {
            throw new FormatException($"file {QuotedName.Of(gone)} vanished while it was to be read");
        }
    }

    private static async Task ReadFileAsync(DumpEntry entry, Func<DumpLines?, string, Task> take, CancellationToken cancellationToken)
    {
        await using var stored = entry.Open();
        await using var unpacked = entry.Path.EndsWith(".gz", StringComparison.Ordinal) ? new UnpackingStream(stored, entry.Limit ?? new UnpackedLimit(entry.Length)) : null;
        using var reader = new DumpLineReader(unpacked ?? stored);
        while (true)
        {
            DumpLines? lines;
            try
            {
                lines = await reader.ReadAsync(cancellationToken);
            }
            catch (FormatException error)
            {
                throw new FormatException($"file {QuotedName.Of(entry.Path)}: {error.Message}", error);
            }

            await take(lines, entry.Path);
            if (lines is null)
            {
                return;
            }
        }
    }
}
