using MetisBackup.Storage.Store;

namespace MetisBackup.App.Operations.Inspecting;

/// <summary>Settles once which snapshot a user means, so that every part of a run works on the same one.</summary>
internal static class SnapshotReferences
{
    /// <summary>The full name behind <c>latest</c> and <c>latest:DB</c>; other references as they are, for the operation to look up.</summary>
    /// <param name="storePath">Root directory of the snapshot store.</param>
    /// <param name="reference">Full name, unique prefix, <c>latest</c> or <c>latest:DB</c>.</param>
    /// <param name="of">The server whose latest is meant where several keep snapshots in the store.</param>
    /// <param name="clock">The time.</param>
    /// <exception cref="Core.Errors.MetisException">2 several servers and none of them meant, 10 no such snapshot or store, 13 the latest is damaged.</exception>
    public static string Settle(string storePath, string reference, Func<LatestOf> of, TimeProvider clock) => SnapshotStore.IsLatest(reference)
        ? SnapshotStore.Open(storePath, clock, createIfMissing: false).Find(reference, of()).Name
        : reference;
}
