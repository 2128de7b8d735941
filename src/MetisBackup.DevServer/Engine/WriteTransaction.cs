using System.Text.Json;
using MetisBackup.Core.Revisions;

namespace MetisBackup.DevServer.Engine;

/// <summary>
/// The one writer. A call that throws <see cref="ArangoException"/> has changed nothing, so a batch may go on after a failed item.
/// </summary>
internal sealed partial class WriteTransaction : ReadTransaction
{
    private readonly ServerEngine _engine;
    private readonly Dictionary<string, CollectionChanges> _changes = [];
    private readonly Dictionary<string, CollectionState> _created = [];
    private readonly HashSet<string> _dropped = [];
    private Catalog _catalog;
    private ulong _sequence;
    private bool _committed;

    internal WriteTransaction(ServerEngine engine, SqlConnection connection, EngineState state)
        : base(connection, state, static _ => { })
    {
        _engine = engine;
        _catalog = state.Catalog;
        _sequence = state.Sequence;
        _log = new OperationLog(state.Sequence);
    }

    /// <inheritdoc/>
    public override Catalog Catalog => _catalog;

    /// <inheritdoc/>
    public override ulong Sequence => _sequence;

    /// <summary>The clock of the store.</summary>
    public TimeProvider Time => _engine.Time;

    /// <summary>A fresh revision id.</summary>
    public RevisionId NewRevision() => _engine.Clock.Next();

    /// <summary>A fresh id of the server-wide counter, as decimal text.</summary>
    public string NewTick() => _engine.NewTick();

    /// <summary>Makes everything durable and visible; the transaction is over.</summary>
    public void Commit()
    {
        if (_committed)
        {
            throw new InvalidOperationException("The transaction is over.");
        }

        var collections = State.Collections.RemoveRange(_dropped).AddRange(_created);
        foreach (var (id, changes) in _changes)
        {
            var finished = changes.Finish(_sequence);
            collections = collections.SetItem(id, finished);
            WriteCounters(id, finished);
        }

        _engine.WriteServer(_sequence);
        _engine.Publish(new EngineState(_catalog, _sequence, collections), _log);
        _committed = true;
        Dispose();
    }

    internal override CollectionState? Counters(CollectionInfo collection)
    {
        if (_changes.TryGetValue(collection.Id, out var changes))
        {
            return changes.Current;
        }

        if (_dropped.Contains(collection.Id))
        {
            return null;
        }

        return _created.GetValueOrDefault(collection.Id) ?? base.Counters(collection);
    }

    protected override void Dispose(bool disposing)
    {
        _engine.EndWrite(rollBack: !_committed);
        base.Dispose(disposing);
    }

    /// <summary>The changes of a collection; its tree is loaded before the first one.</summary>
    private CollectionChanges Changes(CollectionInfo collection)
    {
        if (_changes.TryGetValue(collection.Id, out var changes))
        {
            return changes;
        }

        var before = Counters(collection) ?? throw ArangoErrors.CollectionNotFound(collection.Name);
        if (before.Tree is null)
        {
            before = before with { Tree = CollectionTrees.Build(Connection, collection.Number, before.RangeMin, before.RangeMax) };
        }

        changes = new CollectionChanges(before);
        _changes.Add(collection.Id, changes);
        return changes;
    }

    private void WriteCounters(string id, CollectionState state)
    {
        using var statement = Connection.Rent(SqlText.WriteCounters);
        statement
            .Bind(1, long.Parse(id, System.Globalization.CultureInfo.InvariantCulture))
            .Bind(2, state.Count)
            .Bind(3, RecordNumber.ToStored(state.LastRevision))
            .Bind(4, RecordNumber.ToStored(state.LastKey))
            .Bind(5, RecordNumber.ToStored(state.RangeMin))
            .Bind(6, RecordNumber.ToStored(state.RangeMax))
            .Run();
    }
}

/// <summary>What a new collection is made from; ids and the primary (and edge) index are added by the engine.</summary>
internal sealed record NewCollection
{
    public required string Name { get; init; }

    /// <summary>2 document, 3 edge.</summary>
    public required int Type { get; init; }

    public bool IsSystem { get; init; }

    public bool SyncByRevision { get; init; } = true;

    public bool UsesRevisionsAsDocumentIds { get; init; } = true;

    /// <summary>Replaces the server's default properties where given; see <see cref="CollectionInfo.Properties"/>.</summary>
    public required JsonElement Properties { get; init; }
}
