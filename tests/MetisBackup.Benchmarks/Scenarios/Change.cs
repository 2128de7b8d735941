namespace MetisBackup.Benchmarks.Scenarios;

/// <summary>A change of the database, and the bars for what follows it, as shares of a full run.</summary>
/// <param name="Name">What changes.</param>
/// <param name="ApplyAsync">Makes the change; the number seeds what is chosen.</param>
/// <param name="CreateBar">Most time of create.</param>
/// <param name="RestoreBar">Most time of going back.</param>
/// <param name="BytesBar">Most new bytes on disk; null for no bar.</param>
internal sealed record Change(string Name, Func<int, Task> ApplyAsync, double CreateBar, double RestoreBar, double? BytesBar);
