using System.Collections.Concurrent;
using MetisBackup.DevServer.Engine;

namespace MetisBackup.DevServer.Endpoints.Replication;

/// <summary>Every replication batch of the server, known by id alone: one batch serves all databases (arangodb-protocol 5).</summary>
internal sealed class ReplicationBatches : IDisposable
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);

    private readonly ServerEngine _engine;
    private readonly ConcurrentDictionary<string, ReplicationBatch> _batches = new(StringComparer.Ordinal);
    private readonly ITimer _sweeper;

    public ReplicationBatches(ServerEngine engine)
    {
        _engine = engine;
        _sweeper = engine.Time.CreateTimer(_ => Sweep(), null, SweepInterval, SweepInterval);
    }

    /// <summary>Pins a snapshot; <paramref name="patchCount"/> asks for that collection's tree along with it.</summary>
    public ReplicationBatch Open(string databaseId, TimeSpan timeToLive, CollectionInfo? patchCount)
    {
        var isFree = patchCount is not null && _batches.Values.All(other => other.PatchedCollection?.Id != patchCount.Id);
        var owned = isFree ? patchCount : null;
        var batch = new ReplicationBatch(_engine.NewTick(), timeToLive, _engine.Pin()) { DatabaseId = databaseId, PatchedCollection = owned };
        if (owned is { SyncByRevision: true })
        {
            batch.PrefetchTree(owned);
        }

        Extend(batch, timeToLive);
        _batches[batch.Id] = batch;
        return batch;
    }

    /// <summary>The live batch of this id, its time moved forward; null for an unknown, expired or lost one.</summary>
    public ReplicationBatch? Find(string? id)
    {
        if (id is null || !_batches.TryGetValue(id, out var batch))
        {
            return null;
        }

        if (batch.ExpiresAt <= _engine.Time.GetUtcNow() || batch.IsLost(_engine.Catalog))
        {
            Close(id);
            return null;
        }

        Extend(batch, batch.TimeToLive);
        return batch;
    }

    /// <summary>Moves the end of the batch forward.</summary>
    public void Extend(ReplicationBatch batch, TimeSpan timeToLive)
    {
        var end = _engine.Time.GetUtcNow() + (timeToLive > batch.TimeToLive ? timeToLive : batch.TimeToLive);
        batch.ExpiresAt = end > batch.ExpiresAt ? end : batch.ExpiresAt;
    }

    /// <summary>Ends a batch; false for an unknown one.</summary>
    public bool Close(string id)
    {
        if (!_batches.TryRemove(id, out var batch))
        {
            return false;
        }

        batch.Dispose();
        return true;
    }

    public void Dispose()
    {
        _sweeper.Dispose();
        foreach (var id in _batches.Keys)
        {
            Close(id);
        }
    }

    private void Sweep()
    {
        var now = _engine.Time.GetUtcNow();
        foreach (var (id, batch) in _batches)
        {
            if (batch.ExpiresAt <= now)
            {
                Close(id);
            }
        }
    }
}
