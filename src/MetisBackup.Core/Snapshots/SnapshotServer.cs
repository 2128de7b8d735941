namespace MetisBackup.Core.Snapshots;

/// <summary>Which server a snapshot was taken of.</summary>
public sealed record SnapshotServer
{
    /// <summary>What the server calls itself, whatever address leads there: decimal digits; null when the account was not told.</summary>
    public string? Id { get; init; }

    /// <summary>Where it was reached, as other machines may name it: <c>host:port</c>, or <c>host:/path</c> of a socket.</summary>
    public string Address { get; init; } = string.Empty;
}
