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
    }

    public ServerEngine Engine { get; }

    public UserAccounts Users { get; }

    public DevServerOptions Options { get; }

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

    /// <summary>Runs the work on a consistent view of one collection, which the caller must be allowed to read.</summary>
    public T Read<T>(ArangoRequest request, string collection, Func<ReadTransaction, CollectionInfo, T> work) =>
        Engine.Read(transaction => work(transaction, Resolve(transaction, request, collection, AccessLevel.ReadOnly)));

    /// <summary>Runs the work as the only writer on one collection, which the caller must be allowed to write; commits when it returns.</summary>
    public T Write<T>(ArangoRequest request, string collection, bool waitForSync, Func<WriteTransaction, CollectionInfo, T> work)
    {
        RequireWritable();
        return Engine.Write(
            transaction => work(transaction, Resolve(transaction, request, collection, AccessLevel.ReadWrite)), waitForSync);
    }

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

    private static CollectionInfo Resolve(ReadTransaction transaction, ArangoRequest request, string collection, AccessLevel level)
    {
        var info = transaction.Catalog.Collection(request.Database, collection);
        request.Caller.RequireCollection(request.Database, info.Name, level);
        return info;
    }
}
