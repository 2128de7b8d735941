using System.Collections.Concurrent;
using MetisBackup.Core.Bulk;
using MetisBackup.Storage.Store;

namespace MetisBackup.Storage.Bulk;

/// <summary>Reads every content of a snapshot's files against the hash that is its name, and looks for each content that the list names.</summary>
internal sealed class BulkVerifier(string snapshotPath, Action<int> count)
{
    private const int HashLength = 64;
    private const int AtOnce = 4;

    private readonly ConcurrentBag<VerificationFinding> _findings = [];
    private int _files;

    /// <summary>Contents read to their end.</summary>
    public int Files => _files;

    /// <summary>Everything that is wrong.</summary>
    public async Task<IReadOnlyCollection<VerificationFinding>> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var contents = new BulkContentReader(snapshotPath);
            var options = new ParallelOptions { MaxDegreeOfParallelism = Math.Min(Environment.ProcessorCount, AtOnce), CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(contents.Subfolders(), options, (subfolder, token) =>
            {
                CheckContents(subfolder, token);
                return ValueTask.CompletedTask;
            });
            CheckList(contents, cancellationToken);
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            Found(BulkContents.Folder, $"'{BulkContents.Folder}' cannot be read: {error.Message}");
        }

        return _findings;
    }

    private void CheckContents(string subfolder, CancellationToken cancellationToken)
    {
        try
        {
            using var contents = new BulkContentReader(snapshotPath);
            using var copier = new ContentCopier();
            foreach (var name in contents.Names(subfolder))
            {
                CheckContent(contents, copier, subfolder, name, cancellationToken);
            }
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            Found($"{BulkContents.Folder}/{subfolder}", $"'{BulkContents.Folder}/{subfolder}' cannot be read: {error.Message}");
        }
    }

    private void CheckContent(BulkContentReader contents, ContentCopier copier, string subfolder, string name, CancellationToken cancellationToken)
    {
        var path = $"{BulkContents.Folder}/{subfolder}/{name}";
        if (name.Length != HashLength || !name.All(char.IsAsciiHexDigitLower) || name[..2] != subfolder)
        {
            Found(path, $"'{path}' does not belong to the snapshot: its name is no hash.");
            return;
        }

        try
        {
            using var file = contents.Open(name);
            if (file is null)
            {
                Found(path, $"'{path}' is no file.");
                return;
            }

            var copied = copier.Copy(file, target: null, sparse: false, static error => error, bytes => count((int)bytes), cancellationToken);
            Interlocked.Increment(ref _files);
            if (copied.Hash != name)
            {
                Found(path, $"'{path}' is damaged: it does not match its SHA-256.");
            }
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            Found(path, $"'{path}' cannot be read: {error.Message}");
        }
    }

    private void CheckList(BulkContentReader contents, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var entry in TreeListFile.Read(Path.Combine(snapshotPath, TreeListFile.Name)).Where(static entry => entry.Kind == TreeEntryKind.File))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (contents.Length(entry.Hash!) is not { } length)
                {
                    Found(BulkContents.PathOf(entry.Hash!), $"The content of bulk file '{entry.Path}' is missing: '{BulkContents.PathOf(entry.Hash!)}'.");
                }
                else if (length != entry.Size)
                {
                    Found(BulkContents.PathOf(entry.Hash!), $"The content of bulk file '{entry.Path}' has {length} bytes instead of {entry.Size}.");
                }
            }
        }
        catch (FormatException error)
        {
            Found(TreeListFile.Name, $"'{TreeListFile.Name}' is damaged: {error.Message}.");
        }
    }

    private void Found(string file, string message) => _findings.Add(new VerificationFinding(file, null, message));
}
