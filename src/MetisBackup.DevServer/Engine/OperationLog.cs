namespace MetisBackup.DevServer.Engine;

/// <summary>Kinds of operations, with their numbers in the write-ahead log (arangodb-protocol 13.2).</summary>
internal enum OperationKind
{
    CreateDatabase = 1100,
    DropDatabase = 1101,
    CreateCollection = 2000,
    DropCollection = 2001,
    RenameCollection = 2002,
    ChangeCollection = 2003,
    TruncateCollection = 2004,
    CreateIndex = 2100,
    DropIndex = 2101,
    CreateView = 2110,
    DropView = 2111,
    ChangeView = 2112,
    PutDocument = 2300,
    RemoveDocument = 2302,
}

/// <summary>One operation of a committed transaction.</summary>
/// <param name="Tick">Its number.</param>
/// <param name="Kind">What was done.</param>
/// <param name="Database">Name of the database.</param>
internal readonly record struct LoggedOperation(ulong Tick, OperationKind Kind, string Database)
{
    private const int Overhead = 128;

    /// <summary>The collection that it touched, as it was then; null for databases and views.</summary>
    public CollectionInfo? Collection { get; init; }

    public IndexInfo? Index { get; init; }

    public ViewInfo? View { get; init; }

    /// <summary>The new document, or key and last revision of a removed one.</summary>
    public StoredDocument Document { get; init; }

    /// <summary>Bytes of memory, about.</summary>
    public int Size => Overhead + Document.Body.Length;
}

/// <summary>The last operations, as many as fit into a megabyte: what a reader of the write-ahead log can still have.</summary>
internal sealed class OperationLog(ulong start)
{
    private const long Capacity = 1L << 20;

    private readonly ulong _start = start;
    private readonly Lock _gate = new();
    private readonly Queue<LoggedOperation> _operations = new();
    private long _size;
    private ulong _gone = start;

    /// <summary>The last operation that is not kept any more.</summary>
    public ulong Gone
    {
        get
        {
            lock (_gate)
            {
                return _gone;
            }
        }
    }

    public void Add(LoggedOperation operation)
    {
        lock (_gate)
        {
            _operations.Enqueue(operation);
            _size += operation.Size;
            while (_size > Capacity)
            {
                var oldest = _operations.Dequeue();
                _size -= oldest.Size;
                _gone = oldest.Tick;
            }
        }
    }

    /// <summary>Takes over what another log has collected since.</summary>
    public void Add(OperationLog other)
    {
        lock (_gate)
        {
            if (other._gone > other._start)
            {
                _operations.Clear();
                _size = 0;
                _gone = other._gone;
            }
        }

        foreach (var operation in other._operations)
        {
            Add(operation);
        }
    }

    /// <summary>The operations behind one number and up to another, in their order.</summary>
    public IReadOnlyList<LoggedOperation> Read(ulong after, ulong last)
    {
        lock (_gate)
        {
            return [.. _operations.SkipWhile(operation => operation.Tick <= after).TakeWhile(operation => operation.Tick <= last)];
        }
    }
}
