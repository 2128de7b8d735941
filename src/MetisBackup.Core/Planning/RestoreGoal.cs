namespace MetisBackup.Core.Planning;

/// <summary>What is to be restored and where.</summary>
/// <param name="Snapshot">Full name of the snapshot.</param>
/// <param name="Database">The target.</param>
/// <param name="TargetExists">The target is there already.</param>
/// <param name="Only">Collections to restore; empty for all.</param>
/// <param name="Full">Make everything anew, however little differs.</param>
public sealed record RestoreGoal(string Snapshot, string Database, bool TargetExists, IReadOnlyCollection<string> Only, bool Full = false);
