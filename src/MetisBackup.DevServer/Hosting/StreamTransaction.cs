using MetisBackup.Arango.Protocol;
using MetisBackup.DevServer.Engine;

namespace MetisBackup.DevServer.Hosting;

/// <summary>Where a stream transaction stands, in the server's words.</summary>
internal enum TransactionStatus
{
    Running,
    Committed,
    Aborted,
}

/// <summary>
/// A transaction over several requests (arangodb-protocol 11.2). Reads see the moment of its beginning; the first write takes the one writer
/// of the store and keeps it to the end, and from then on reads see the writes.
/// </summary>
internal sealed class StreamTransaction : IDisposable
{
    private readonly Lock _gate = new();
    private readonly ServerEngine _engine;
    private readonly TransactionScope _scope;
    private PinnedSnapshot? _snapshot;
    private WriteTransaction? _writer;
    private long _lastUse;

    public StreamTransaction(string id, ServerEngine engine, TransactionScope scope)
    {
        Id = id;
        _engine = engine;
        _scope = scope;
        _snapshot = engine.Pin();
        _lastUse = engine.Time.GetTimestamp();
    }

    public string Id { get; }

    public string Database => _scope.Database;

    public TransactionStatus Status { get; private set; }

    /// <summary>Runs the work in this transaction; one request at a time.</summary>
    /// <exception cref="ArangoException">404/E1655 when it is over.</exception>
    public T Read<T>(Func<ReadTransaction, T> work)
    {
        lock (_gate)
        {
            RequireRunning();
            return _writer is { } writer ? work(writer) : _snapshot!.Read(work);
        }
    }

    /// <inheritdoc cref="Read"/>
    public T Write<T>(Func<WriteTransaction, T> work)
    {
        lock (_gate)
        {
            RequireRunning();
            _writer ??= _engine.BeginWrite(_scope.WaitForSync);
            return work(_writer);
        }
    }

    /// <summary>Passes collections that were declared for writing.</summary>
    /// <exception cref="ArangoException">400/E1652 for others.</exception>
    public void RequireDeclared(string collection)
    {
        if (!_scope.Written.Contains(collection))
        {
            throw new ArangoException(
                400,
                ErrorNumber.TransactionUnregisteredCollection,
                $"unregistered collection used in transaction: {collection} [write]");
        }
    }

    /// <summary>Makes its writes visible; nothing happens to one that is committed already.</summary>
    /// <exception cref="ArangoException">400/E1653 for one that was aborted.</exception>
    public void Commit()
    {
        lock (_gate)
        {
            if (Status == TransactionStatus.Aborted)
            {
                throw Disallowed();
            }

            _writer?.Commit();
            End(TransactionStatus.Committed);
        }
    }

    /// <summary>Forgets its writes; nothing happens to one that is aborted already.</summary>
    /// <exception cref="ArangoException">400/E1653 for one that was committed.</exception>
    public void Abort()
    {
        lock (_gate)
        {
            if (Status == TransactionStatus.Committed)
            {
                throw Disallowed();
            }

            _writer?.Dispose();
            End(TransactionStatus.Aborted);
        }
    }

    /// <summary>
    /// Aborts a running transaction that nobody has used for a while. One that is at work is left alone: it may be waiting for the writer that
    /// another idle one holds.
    /// </summary>
    /// <returns>True when the transaction is over and as old.</returns>
    public bool Expire(TimeSpan idleLimit)
    {
        if (!_gate.TryEnter())
        {
            return false;
        }

        try
        {
            if (_engine.Time.GetElapsedTime(_lastUse) < idleLimit)
            {
                return false;
            }

            if (Status != TransactionStatus.Running)
            {
                return true;
            }

            Abort();
            return false;
        }
        finally
        {
            _gate.Exit();
        }
    }

    public void Dispose()
    {
        if (Status == TransactionStatus.Running)
        {
            Abort();
        }
    }

    private static ArangoException Disallowed() =>
        new(400, ErrorNumber.TransactionDisallowedOperation, "disallowed operation inside transaction");

    private void RequireRunning()
    {
        if (Status != TransactionStatus.Running)
        {
            throw StreamTransactions.NotFound(Id);
        }

        _lastUse = _engine.Time.GetTimestamp();
    }

    private void End(TransactionStatus status)
    {
        Status = status;
        _lastUse = _engine.Time.GetTimestamp();
        _writer = null;
        _snapshot?.Dispose();
        _snapshot = null;
    }
}

/// <summary>What a stream transaction was begun with.</summary>
/// <param name="Database">Its database.</param>
/// <param name="Written">Names of the collections it may write.</param>
/// <param name="WaitForSync">Its commit survives a power cut.</param>
internal sealed record TransactionScope(string Database, IReadOnlySet<string> Written, bool WaitForSync);
