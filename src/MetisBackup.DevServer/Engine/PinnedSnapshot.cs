namespace MetisBackup.DevServer.Engine;

/// <summary>
/// One point in time of the whole server that stays readable: what a replication batch, a dump context or a streaming cursor holds.
/// </summary>
internal sealed class PinnedSnapshot : IDisposable
{
    public Catalog Catalog => throw new NotImplementedException();

    /// <summary>Number of the last operation that the snapshot contains.</summary>
    public ulong Sequence => throw new NotImplementedException();

    /// <summary>A reader of this snapshot for one thread; dispose it to give the connection back.</summary>
    public ReadTransaction OpenReader() => throw new NotImplementedException();

    /// <summary>Opens a reader, runs the work, closes it.</summary>
    public T Read<T>(Func<ReadTransaction, T> work) => throw new NotImplementedException();

    public void Dispose() => throw new NotImplementedException();
}
