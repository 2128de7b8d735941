using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;
using MetisBackup.Core.Snapshots;
using MetisBackup.Storage.Store;

namespace MetisBackup.App.Operations.Capturing;

/// <summary>A collection as an older snapshot holds it.</summary>
/// <param name="Reader">The snapshot, open.</param>
/// <param name="Record">The collection there; its name may have been another one.</param>
internal sealed record ParentCollection(SnapshotReader Reader, CollectionRecord Record);

/// <summary>
/// The snapshots of the same database that a new one can share documents with, newest first by sequence. Opened when first needed and kept
/// from being deleted until the end. Safe for several collections at once.
/// </summary>
internal sealed class SnapshotParents : IDisposable
{
    private const int MostParents = 3;
    private readonly SnapshotStore _store;
    private readonly Queue<SnapshotEntry> _candidates;
    private readonly List<(SnapshotReader Reader, Dictionary<string, CollectionRecord> Collections)> _open = [];
    private readonly List<string> _warnings = [];
    private readonly Lock _guard = new();
    private string? _passedOver;

    private SnapshotParents(SnapshotStore store, IEnumerable<SnapshotEntry> candidates) => (_store, _candidates) = (store, new Queue<SnapshotEntry>(candidates));

    /// <summary>What was passed over and why.</summary>
    public IReadOnlyList<string> Warnings
    {
        get
        {
            lock (_guard)
            {
                return [.. _warnings];
            }
        }
    }

    /// <summary>The snapshot that is shared with, in the first place; null when every document is read from the server.</summary>
    public SnapshotEntry? First => At(0)?.Reader.Entry;

    /// <summary>Why there is none, as half a sentence.</summary>
    public string WhyNone { get; private init; } = "there is no older snapshot to share with";

    /// <summary>The candidates for a database.</summary>
    /// <param name="store">The store.</param>
    /// <param name="database">The database.</param>
    /// <param name="server">The server it is captured from: snapshots of another one of that name share little, so they come last.</param>
    /// <param name="choice">What the user chose; null parents for none at all.</param>
    /// <exception cref="MetisException">2, 10, 13: the one that was named does not fit.</exception>
    public static SnapshotParents Find(SnapshotStore store, string database, SnapshotServer server, ParentChoice choice)
    {
        if (choice.None)
        {
            return new SnapshotParents(store, []) { WhyNone = "a full read was asked for" };
        }

        if (choice.Name is not { } name)
        {
            var candidates = store.List(database).Where(
                entry => entry.State is SnapshotState.Complete or SnapshotState.Damaged && (entry.Metadata is null || entry.Database == database)).ToList();
            var servers = KnownServers.Of([server, .. candidates.Select(static entry => entry.Server)], apart: []);
            return new SnapshotParents(store, candidates.OrderBy(entry => entry.Metadata is not null && servers.KeyOf(entry.Server) != servers.KeyOf(server)));
        }

        var parents = new SnapshotParents(store, []);
        parents.OpenNamed(store.Find(name), database);
        return parents;
    }

    /// <summary>The collection with this identity in the parents, newest first.</summary>
    public IEnumerable<ParentCollection> Of(string globallyUniqueId)
    {
        for (var index = 0; index < MostParents && At(index) is { } parent; index++)
        {
            if (globallyUniqueId.Length > 0 && parent.Collections.TryGetValue(globallyUniqueId, out var record))
            {
                yield return new ParentCollection(parent.Reader, record);
            }
        }
    }

    /// <summary>Records that a part of a parent could not be used.</summary>
    public void Warn(string sentence)
    {
        lock (_guard)
        {
            _warnings.Add(sentence);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _open.ForEach(static parent => parent.Reader.Dispose());

    private (SnapshotReader Reader, Dictionary<string, CollectionRecord> Collections)? At(int index)
    {
        lock (_guard)
        {
            while (_open.Count <= index && _candidates.TryDequeue(out var candidate))
            {
                TryOpen(candidate);
            }

            return index < _open.Count ? _open[index] : null;
        }
    }

    private void TryOpen(SnapshotEntry candidate)
    {
        try
        {
            Open(candidate);
            if (_passedOver is { } fault)
            {
                _warnings.Add($"{fault} Snapshot {QuotedName.Of(candidate.Name)} is the parent instead.");
                _passedOver = null;
            }
        }
        catch (MetisException error) when (error.Code is ErrorCode.VerificationFailed or ErrorCode.NotFound or ErrorCode.Denied)
        {
            var fault = $"Snapshot {QuotedName.Of(candidate.Name)} cannot be the parent: {error.Message}";
            _passedOver = _passedOver is null ? fault : $"{_passedOver} {fault}";
            if (_candidates.Count == 0)
            {
                _warnings.Add(_passedOver + (_open.Count == 0 ? " No other snapshot could, so every document was read." : ""));
            }
        }
    }

    /// <summary>Whoever names a parent wants that one or none: no other is taken in its place.</summary>
    private void OpenNamed(SnapshotEntry named, string database)
    {
        if (named.State is SnapshotState.Complete && named.Database != database)
        {
            throw Unfit(named, ErrorCode.Usage, $"it holds {(named.Database is { } other ? "database " + QuotedName.Of(other) : "an unknown database")}, not {QuotedName.Of(database)}.", cause: null);
        }

        try
        {
            Open(named);
        }
        catch (MetisException error) when (error.Code is ErrorCode.VerificationFailed or ErrorCode.NotFound or ErrorCode.Denied or ErrorCode.Usage)
        {
            throw Unfit(named, error.Code, error.Message, error);
        }
    }

    private static MetisException Unfit(SnapshotEntry named, ErrorCode code, string reason, Exception? cause) => new(
        code,
        $"Snapshot {QuotedName.Of(named.Name)} cannot be the parent: {reason}",
        "name another snapshot of the same database with --parent, or leave it out and the newest that fits is taken",
        cause);

    private void Open(SnapshotEntry candidate)
    {
        if (candidate.State is not SnapshotState.Complete)
        {
            throw new MetisException(candidate.State is SnapshotState.Damaged ? ErrorCode.VerificationFailed : ErrorCode.Usage, $"{candidate.Problem ?? "it is a snapshot of the earlier tool, which shares nothing"}.");
        }

#pragma warning disable CA2000 // disposed with this object
        var reader = _store.OpenReader(candidate);
#pragma warning restore CA2000
        var collections = new Dictionary<string, CollectionRecord>(StringComparer.Ordinal);
        foreach (var collection in reader.Manifest.Collections)
        {
            if (collection.GloballyUniqueId is { Length: > 0 } identity)
            {
                collections.TryAdd(identity, collection);
            }
        }

        _open.Add((reader, collections));
    }
}

/// <summary>Which older snapshot to share documents with.</summary>
/// <param name="None">None: every document is read from the server.</param>
/// <param name="Name">This one; null for the newest that fits.</param>
/// <param name="VerifyContent">What is shared is compared with its hashes, byte for byte.</param>
internal sealed record ParentChoice(bool None = false, string? Name = null, bool VerifyContent = false);
