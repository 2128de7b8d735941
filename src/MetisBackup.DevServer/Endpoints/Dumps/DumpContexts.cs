using System.Collections.Concurrent;
using MetisBackup.DevServer.Engine;

namespace MetisBackup.DevServer.Endpoints.Dumps;

/// <summary>Every parallel dump of the server, until it is deleted or its time is over.</summary>
internal sealed class DumpContexts : IDisposable
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);

    private readonly ServerEngine _engine;
    private readonly ConcurrentDictionary<string, DumpContext> _contexts = new(StringComparer.Ordinal);
    private readonly ITimer _sweeper;

    public DumpContexts(ServerEngine engine)
    {
        _engine = engine;
        _sweeper = engine.Time.CreateTimer(_ => Sweep(), null, SweepInterval, SweepInterval);
    }

    public DumpContext Open(string database, string user, DumpOptions options, IReadOnlyList<CollectionInfo> collections)
    {
        var context = new DumpContext(_engine.Pin(), options, collections)
        {
            Id = $"dump-{_engine.NewTick()}",
            User = user,
            Database = database,
        };
        context.Touch(_engine.Time.GetUtcNow());
        _contexts[context.Id] = context;
        return context;
    }

    /// <summary>The context, its time moved forward.</summary>
    /// <exception cref="ArangoException">404/E1600 for an unknown or expired one; 403/E11 for another user's or database's.</exception>
    public DumpContext Find(string id, string database, string user)
    {
        var now = _engine.Time.GetUtcNow();
        if (!_contexts.TryGetValue(id, out var context) || context.ExpiresAt <= now)
        {
            throw ArangoErrors.CursorNotFound();
        }

        if (context.Database != database || context.User != user)
        {
            throw ArangoErrors.Forbidden();
        }

        context.Touch(now);
        return context;
    }

    public void Close(DumpContext context)
    {
        if (_contexts.TryRemove(context.Id, out _))
        {
            context.Dispose();
        }
    }

    public void Dispose()
    {
        _sweeper.Dispose();
        foreach (var context in _contexts.Values)
        {
            Close(context);
        }
    }

    private void Sweep()
    {
        var now = _engine.Time.GetUtcNow();
        foreach (var context in _contexts.Values)
        {
            if (context.ExpiresAt <= now)
            {
                Close(context);
            }
        }
    }
}
