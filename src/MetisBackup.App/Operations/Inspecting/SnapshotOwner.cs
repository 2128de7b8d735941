using MetisBackup.Core.Errors;
using MetisBackup.Storage.Store;

namespace MetisBackup.App.Operations.Inspecting;

/// <summary>Tells which database a snapshot was taken of.</summary>
internal static class SnapshotOwner
{
    /// <summary>The database; null when the snapshot does not tell.</summary>
    /// <param name="storePath">Root directory of the store.</param>
    /// <param name="name">Full name, unique prefix, <c>latest</c> or <c>latest:DB</c>.</param>
    /// <param name="clock">The time.</param>
    /// <exception cref="MetisException">2 ambiguous name, 10 no such snapshot or store.</exception>
    public static string? Find(string storePath, string name, TimeProvider clock) => SnapshotStore.Open(storePath, clock, createIfMissing: false).Find(name).Database;
}
