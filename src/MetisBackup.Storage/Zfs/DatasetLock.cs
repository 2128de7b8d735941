using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;
using MetisBackup.Storage.Store;

namespace MetisBackup.Storage.Zfs;

/// <summary>The right to change the snapshots of a data set. Held by one process at a time, ended by disposal or death.</summary>
public sealed class DatasetLock : IDisposable
{
    private readonly StoreLock _lock;

    private DatasetLock(StoreLock held) => _lock = held;

    /// <summary>A sentence about an earlier run that died while it worked on the data set; null when there was none.</summary>
    public string? TakenOver => _lock.TakenOver;

    /// <summary>Takes the right or says who has it.</summary>
    /// <param name="statePath">Directory of what this product remembers.</param>
    /// <param name="dataset">The data set.</param>
    /// <param name="clock">Tells since when.</param>
    /// <exception cref="MetisException">11: another run has it. 12, 17: as the disk says.</exception>
    public static DatasetLock Acquire(string statePath, DatasetName dataset, TimeProvider clock)
    {
        var path = Path.Combine(statePath, "dr", CollectionFolder.NameOf(dataset.Value) + ".lock");
#pragma warning disable CA2000 // belongs to the lock
        var held = StoreLock.TryAcquire(path, clock) ?? throw new MetisException(
            ErrorCode.Locked, $"Another run works on data set {dataset}: {StoreLock.OwnerOf(path)}.", "wait until it has ended; the lock goes away with that process");
#pragma warning restore CA2000
        return new DatasetLock(held);
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();
}
