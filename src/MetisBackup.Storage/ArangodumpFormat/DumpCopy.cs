using MetisBackup.Core.Errors;
using MetisBackup.Core.Planning;
using MetisBackup.Core.Snapshots;
using MetisBackup.Storage.Store;

namespace MetisBackup.Storage.ArangodumpFormat;

/// <summary>
/// Copies a dump into a snapshot that is being written: documents byte for byte without their envelopes, definitions in today's form.
/// What a dump lacks is not known to have been missing, so the manifest says that system collections it does not list are to be left alone.
/// </summary>
/// <param name="files">Where the dump is.</param>
/// <param name="dump">What it holds.</param>
/// <param name="writer">The snapshot.</param>
/// <param name="progress">Told of documents and bytes as they are copied: collection, documents, bytes.</param>
public sealed class DumpCopy(IDumpFiles files, DumpCatalogue dump, SnapshotWriter writer, Action<string, int, int> progress) : IAsyncDisposable
{
    private readonly Dictionary<string, OpenCollection> _open = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CollectionData> _done = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<ulong>> _logs = new(StringComparer.Ordinal);

    /// <summary>Copies everything and returns the manifest.</summary>
    /// <param name="database">The database that the snapshot is to be of.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <exception cref="FormatException">The dump is damaged; the message says where, as half a sentence.</exception>
    /// <exception cref="MetisException">NoSpace, Denied: as the disk says.</exception>
    public async Task<Manifest> RunAsync(string database, CancellationToken cancellationToken)
    {
        var wanted = dump.Collections.Where(static one => one.Name == SystemCollections.Users || !SystemCollections.IsPrivate(one.Name)).ToList();
        await CopyAsync(wanted, cancellationToken);
        if (_logs.Count > 0)
        {
            // The second time it is known which lines of the log remain.
            await CopyAsync([.. wanted.Where(one => _logs.ContainsKey(one.Name))], cancellationToken);
        }

        var collections = new List<CollectionRecord>();
        foreach (var one in wanted)
        {
            collections.Add(Record(one, await writer.WriteStructureAsync(StructureKind.Collection, one.Name, one.Definition, cancellationToken)));
        }

        var views = new List<StructureRecord>();
        foreach (var view in dump.Views)
        {
            views.Add(new StructureRecord { Name = view.Name, Type = view.Type, Structure = await writer.WriteStructureAsync(StructureKind.View, view.Name, view.Definition, cancellationToken) });
        }

        return new Manifest { Database = database, DatabaseProperties = dump.DatabaseProperties, Collections = collections, Views = views, LeavesUnlistedSystemCollections = true };
    }

    /// <summary>Closes what is still open.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var one in _open.Values)
        {
            await one.DisposeAsync();
        }

        _open.Clear();
    }

    private async Task CopyAsync(List<CollectionInDump> wanted, CancellationToken cancellationToken)
    {
        foreach (var one in wanted)
        {
            await DiscardAsync(one.Name);
            if (one.DataFiles.Count == 0)
            {
                await CompleteAsync(Open(one), one.Name, cancellationToken);
            }
        }

        await DumpDocuments.ReadAsync(files, dump with { Collections = wanted }, (one, _, lines) => TakeAsync(one, lines, cancellationToken), cancellationToken);
    }

    private async Task DiscardAsync(string name)
    {
        if (_done.Remove(name))
        {
            await writer.DiscardCollectionAsync(name);
        }
    }

    private OpenCollection Open(CollectionInDump one)
    {
        if (!_open.TryGetValue(one.Name, out var open))
        {
            open = new OpenCollection(writer.OpenCollection(one.Name), _logs.GetValueOrDefault(one.Name)) { FilesLeft = one.DataFiles.Count };
            _open.Add(one.Name, open);
        }

        return open;
    }

    private async Task TakeAsync(CollectionInDump one, DumpLines? lines, CancellationToken cancellationToken)
    {
        var open = Open(one);
        if (lines is not null)
        {
            await open.TakeAsync(lines, cancellationToken);
            progress(one.Name, lines.Lines.Count, lines.Documents.Length);
        }
        else if (--open.FilesLeft == 0)
        {
            await CompleteAsync(open, one.Name, cancellationToken);
        }
    }

    private async Task CompleteAsync(OpenCollection open, string name, CancellationToken cancellationToken)
    {
        var data = await open.Target.CompleteAsync(cancellationToken);
        if (open.Replay is { } replay && await Task.Run(replay.FindObsolete, cancellationToken) is { } obsolete)
        {
            _logs.Add(name, obsolete);
        }

        _done.Add(name, data);
        _open.Remove(name);
        await open.DisposeAsync();
    }

    private CollectionRecord Record(CollectionInDump one, string structure)
    {
        var data = _done[one.Name];
        return new CollectionRecord
        {
            Name = one.Name,
            Type = one.IsEdge ? 3 : 2,
            IsSystem = one.Name[0] == '_',
            GloballyUniqueId = one.Identity,
            Structure = structure,
            Documents = data.Documents,
            RevisionHash = TreeRoot.Of(data.Summary).Hash,
            HighestRevision = data.HighestRevision.Value > 0 ? data.HighestRevision.Value.ToString(System.Globalization.CultureInfo.InvariantCulture) : null,
            Segments = data.Segments,
        };
    }

    /// <summary>A collection that is being copied: the first time all lines and a note of each, the second time those that remain.</summary>
    private sealed class OpenCollection(CollectionWriter target, HashSet<ulong>? obsolete) : IAsyncDisposable
    {
        private ulong _line;

        public CollectionWriter Target => target;

        public DumpReplay? Replay { get; } = obsolete is null ? new DumpReplay() : null;

        public int FilesLeft { get; set; }

        public async Task TakeAsync(DumpLines lines, CancellationToken cancellationToken)
        {
            if (Replay is not null)
            {
                Replay.Add(lines);
                await target.WriteAsync(lines.Documents, cancellationToken);
                return;
            }

            var first = _line;
            _line += (ulong)lines.Lines.Count;
            for (var position = 0; position < lines.Lines.Count; position++)
            {
                if (!obsolete!.Contains(first + (ulong)position))
                {
                    await target.WriteAsync(lines.Documents[lines.Lines[position].Line], cancellationToken);
                }
            }
        }

        public async ValueTask DisposeAsync()
        {
            Replay?.Dispose();
            await target.DisposeAsync();
        }
    }
}
