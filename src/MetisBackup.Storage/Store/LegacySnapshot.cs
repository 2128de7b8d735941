using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;
using MetisBackup.Storage.ArangodumpFormat;

namespace MetisBackup.Storage.Store;

/// <summary>
/// A snapshot of the earlier tool, opened in the form of one of ours: a copy in a hidden folder of the store, which goes with this object.
/// The snapshot itself is kept from being deleted meanwhile and never changed.
/// </summary>
public sealed class LegacySnapshot : IAsyncDisposable
{
    private readonly FileStream _use;
    private readonly SnapshotWriter _copy;

    private LegacySnapshot(FileStream use, SnapshotWriter copy, SnapshotReader reader, IReadOnlyList<string> remarks) => (_use, _copy, Reader, Remarks) = (use, copy, reader, remarks);

    /// <summary>Reads the copy; its entry has the name of the legacy snapshot.</summary>
    public SnapshotReader Reader { get; }

    /// <summary>What is odd about the dump without being an error: one sentence each.</summary>
    public IReadOnlyList<string> Remarks { get; }

    /// <summary>Copies a legacy snapshot. Needs room in the store for its documents, packed.</summary>
    /// <param name="store">The store.</param>
    /// <param name="entry">The snapshot.</param>
    /// <param name="database">The database to take it for when it does not tell; null when that is not known either.</param>
    /// <param name="progress">Told of documents as they are read: collection, documents, bytes.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <exception cref="MetisException">
    /// VerificationFailed: it is damaged. Usage: it is encrypted or VelocyPack, or its database is unknown. NotFound: it is gone. Locked:
    /// another run reads it. NoSpace, Denied: as the disk says.
    /// </exception>
    public static async Task<LegacySnapshot> OpenAsync(
        SnapshotStore store, SnapshotEntry entry, string? database, Action<string, int, int> progress, CancellationToken cancellationToken)
    {
#pragma warning disable CA2000 // belongs to what is returned
        var use = SnapshotUse.Shared(entry);
#pragma warning restore CA2000
        SnapshotWriter? copy = null;
        try
        {
            return await GuardAsync(entry, async files =>
            {
                var dump = await DumpCatalogueReader.ReadAsync(files, cancellationToken);
                var target = dump.Database ?? entry.Database ?? database ?? throw new MetisException(
                    ErrorCode.Usage, $"Snapshot {QuotedName.Of(entry.Name)} does not tell which database it was taken of.", "name the database with --into");
                copy = store.BeginCopy(entry);
                await using var copying = new DumpCopy(files, dump, copy, progress);
                var manifest = await copying.RunAsync(target, cancellationToken);
                return new LegacySnapshot(use, copy, copy.OpenHidden(manifest, entry), dump.Remarks);
            });
        }
        catch
        {
            await (copy?.DisposeAsync() ?? default);
            await use.DisposeAsync();
            throw;
        }
    }

    /// <summary>What a legacy snapshot holds. Of an archive all of it is unpacked for that.</summary>
    /// <exception cref="MetisException">As <see cref="OpenAsync"/>.</exception>
    public static async Task<DumpCatalogue> DescribeAsync(SnapshotEntry entry, CancellationToken cancellationToken)
    {
        await using var use = SnapshotUse.Shared(entry);
        return await GuardAsync(entry, files => DumpCatalogueReader.ReadAsync(files, cancellationToken));
    }

    /// <summary>Reads every line of a legacy snapshot; damage is part of the result.</summary>
    /// <exception cref="MetisException">Usage: it is encrypted or VelocyPack. NotFound: it is gone.</exception>
    public static async Task<DumpVerdict> VerifyAsync(SnapshotEntry entry, Action<string, int, int> progress, CancellationToken cancellationToken)
    {
        await using var use = SnapshotUse.Shared(entry);
        return await GuardAsync(entry, files => DumpCheck.RunAsync(files, progress, cancellationToken));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Reader.Dispose();
        await _copy.DisposeAsync();
        await _use.DisposeAsync();
    }

    private static async Task<T> GuardAsync<T>(SnapshotEntry entry, Func<IDumpFiles, Task<T>> read)
    {
        IDumpFiles files = entry.Archive is { } archive ? new DumpArchive(archive, entry.Name) : new DumpFolder(entry.Path);
        try
        {
            return await Task.Run(() => read(files));
        }
        catch (FormatException error)
        {
            throw StoreFault.Damaged($"Snapshot {QuotedName.Of(entry.Name)} cannot be used, '{files.Place}' is damaged: {error.Message}.", error);
        }
        catch (NotSupportedException error)
        {
            throw new MetisException(ErrorCode.Usage, $"Snapshot {QuotedName.Of(entry.Name)} cannot be read: {error.Message}.", "use the stock arangorestore", error);
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            throw StoreFault.Reading(error, files.Place);
        }
    }
}
