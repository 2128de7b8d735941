using System.Collections.Concurrent;
using MetisBackup.Arango.Protocol;
using MetisBackup.DevServer.Engine;

namespace MetisBackup.DevServer.Hosting;

/// <summary>The stream transactions of the server; idle ones are aborted, ended ones forgotten after a while.</summary>
internal sealed class StreamTransactions : IDisposable
{
    private static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<string, StreamTransaction> _transactions = new(StringComparer.Ordinal);
    private readonly ServerEngine _engine;
    private readonly ITimer _sweeper;

    public StreamTransactions(ServerEngine engine)
    {
        _engine = engine;
        _sweeper = engine.Time.CreateTimer(_ => Sweep(), null, SweepInterval, SweepInterval);
    }

    public IEnumerable<StreamTransaction> Running => _transactions.Values.Where(one => one.Status == TransactionStatus.Running);

    public StreamTransaction Begin(TransactionScope scope)
    {
        var transaction = new StreamTransaction(_engine.NewTick(), _engine, scope);
        _transactions[transaction.Id] = transaction;
        return transaction;
    }

    /// <summary>The transaction of this id in a database.</summary>
    /// <exception cref="ArangoException">404/E1655 where there is none.</exception>
    public StreamTransaction Find(string database, string id) =>
        _transactions.TryGetValue(id, out var transaction) && transaction.Database == database ? transaction : throw NotFound(id);

    public void Dispose()
    {
        _sweeper.Dispose();
        foreach (var transaction in _transactions.Values)
        {
            transaction.Dispose();
        }
    }

    internal static ArangoException NotFound(string id) => new(404, ErrorNumber.TransactionNotFound, $"transaction '{id}' not found");

    private void Sweep()
    {
        foreach (var transaction in _transactions.Values)
        {
            if (transaction.Expire(IdleLimit))
            {
                _transactions.TryRemove(transaction.Id, out _);
            }
        }
    }
}
