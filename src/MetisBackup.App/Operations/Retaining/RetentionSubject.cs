using MetisBackup.Core.Snapshots;

namespace MetisBackup.App.Operations.Retaining;

/// <summary>What the configuration keeps points of: a database on a server, or a data set.</summary>
/// <param name="Name">Name of the database, or of the data set.</param>
/// <param name="Address">Address of the server, as <see cref="SnapshotServer.Address"/>; null for a data set.</param>
internal sealed record RetentionSubject(string Name, string? Address)
{
    /// <summary>Whether the snapshots of a series are its own.</summary>
    /// <param name="series">The series.</param>
    /// <param name="all">All subjects, as far as they are known.</param>
    public bool Owns(StoreSeries series, IEnumerable<RetentionSubject> all) =>
        Address is { } address && series.Database == Name
        && series.Servers.Meant(address, isAlone: all.All(one => one.Name != Name || one == this)) == series.Server;
}
