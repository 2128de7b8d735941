using MetisBackup.DevServer.Faults;

namespace MetisBackup.DevServer.Hosting;

/// <summary>How an embedded server is started.</summary>
public sealed record DevServerOptions
{
    /// <summary>The directory that holds all of the server's data; made when missing.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Where to listen, <c>http://address:port</c>; port 0 takes a free one.</summary>
    public Uri Listen { get; init; } = new("http://127.0.0.1:0");

    /// <summary>The password of <c>root</c>; null switches authentication off (arangodb-protocol 1.4).</summary>
    public string? Password { get; init; }

    /// <summary>The secret that superuser tokens are signed with; null accepts none.</summary>
    public ReadOnlyMemory<byte>? JwtSecret { get; init; }

    /// <summary>The clock of revisions, time limits and tokens.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Queries without SORT answer in an unusual order, which nothing forbids; tests only.</summary>
    public bool ShuffleScans { get; init; }

    /// <summary>What goes wrong on purpose; tests only.</summary>
    public FaultPlan Faults { get; init; } = new();
}
