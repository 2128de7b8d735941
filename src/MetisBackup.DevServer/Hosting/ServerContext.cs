using MetisBackup.DevServer.Aql;
using MetisBackup.DevServer.Engine;
using MetisBackup.DevServer.Faults;

namespace MetisBackup.DevServer.Hosting;

/// <summary>What the endpoint groups of one running server share.</summary>
internal sealed class ServerContext : IDisposable
{
    private readonly List<IDisposable> _owned = [];

    private ServerContext(ServerEngine engine, DevServerOptions options)
    {
        Engine = engine;
        Users = new UserAccounts(engine);
        Options = options;
        Transactions = Own(new StreamTransactions(engine));
        Queries = new QueryTracker(options.Time);
        Jobs = Own(new AsyncJobs(engine));
    }

    public ServerEngine Engine { get; }

    public UserAccounts Users { get; }

    public DevServerOptions Options { get; }

    public StreamTransactions Transactions { get; }

    /// <summary>The queries that run.</summary>
    public QueryTracker Queries { get; }

    /// <summary>The requests that run apart from their connections.</summary>
    public AsyncJobs Jobs { get; }

    public ServerStatistics Statistics { get; } = new();

    public TimeProvider Time => Options.Time;

    public FaultPlan Faults => Options.Faults;

    /// <summary>The server refuses writes with 403/E1004 (<c>PUT /_admin/server/mode</c>).</summary>
    public bool ReadOnly { get; set; }

    public bool AuthenticationEnabled => Options.Password is not null;

    /// <summary>Opens the store in the data directory.</summary>
    public static ServerContext Open(DevServerOptions options)
    {
        var server = new ServerContext(ServerEngine.Open(options.DataDirectory, options.Time), options);
        server.Users.EnsureRoot();
        return server;
    }

    /// <summary>Disposes the thing when the server stops, before the engine is closed; the last one first.</summary>
    public T Own<T>(T owned)
        where T : IDisposable
    {
        _owned.Add(owned);
        return owned;
    }

    /// <summary>Runs the work on a consistent view: that of the request's stream transaction, else the last commit.</summary>
    public T Read<T>(ArangoRequest request, Func<ReadTransaction, T> work) =>
        TransactionOf(request) is { } transaction ? transaction.Read(work) : Engine.Read(work);

    /// <summary>
    /// Runs the work as the only writer: in the request's stream transaction, else in one of its own that is committed when it returns.
    /// </summary>
    public T Write<T>(ArangoRequest request, bool waitForSync, Func<WriteTransaction, T> work)
    {
        RequireWritable();
        return TransactionOf(request) is { } transaction ? transaction.Write(work) : Engine.Write(work, waitForSync);
    }

    /// <summary>Runs the work on a consistent view of one collection, which the caller must be allowed to read.</summary>
    public T Read<T>(ArangoRequest request, string collection, Func<ReadTransaction, CollectionInfo, T> work) =>
        Read(request, transaction => work(transaction, Resolve(transaction, request, collection, AccessLevel.ReadOnly)));

    /// <summary>Runs the work as the only writer on one collection, which the caller must be allowed to write; commits when it returns.</summary>
    public T Write<T>(ArangoRequest request, string collection, bool waitForSync, Func<WriteTransaction, CollectionInfo, T> work) =>
        Write(request, waitForSync, transaction =>
        {
            var info = Resolve(transaction, request, collection, AccessLevel.ReadWrite);
            TransactionOf(request)?.RequireDeclared(info.Name);
            return work(transaction, info);
        });

    /// <summary>Whether every write to the collection is to survive a power cut.</summary>
    public bool WaitsForSync(string database, string collection) =>
        Engine.Catalog.FindCollection(database, collection) is { WaitForSync: true };

    /// <summary>Passes while the server accepts writes.</summary>
    /// <exception cref="ArangoException">403/E1004 in read-only mode.</exception>
    public void RequireWritable()
    {
        if (ReadOnly)
        {
            throw ArangoErrors.ReadOnly();
        }
    }

    public void Dispose()
    {
        for (var i = _owned.Count - 1; i >= 0; i--)
        {
            _owned[i].Dispose();
        }

        Engine.Dispose();
    }

    private StreamTransaction? TransactionOf(ArangoRequest request) =>
        request.Header("x-arango-trx-id") is { Length: > 0 } id ? Transactions.Find(request.Database, id) : null;

    private static CollectionInfo Resolve(ReadTransaction transaction, ArangoRequest request, string collection, AccessLevel level)
    {
        var info = transaction.Catalog.Collection(request.Database, collection);
        request.Caller.RequireCollection(request.Database, info.Name, level);
        return info;
    }
}
