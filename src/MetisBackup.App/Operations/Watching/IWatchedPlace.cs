namespace MetisBackup.App.Operations.Watching;

/// <summary>Where the points of a series are: a store, or a data set.</summary>
internal interface IWatchedPlace
{
    /// <summary><c>operational</c> or <c>dr</c>.</summary>
    string Tier { get; }

    /// <summary>The database, or the data set.</summary>
    string Subject { get; }

    /// <summary>The series, as in the history.</summary>
    string Series { get; }

    /// <summary>The store, or the data set: what has the room.</summary>
    string Place { get; }

    /// <summary>The points in the order of the place, the newest first, and beside them what is of others.</summary>
    /// <exception cref="Core.Errors.MetisException">They cannot be read: never an empty list instead.</exception>
    Task<IReadOnlyList<WatchedPoint>> ReadPointsAsync(CancellationToken cancellationToken);

    /// <summary>What is wrong with the place, whatever its points are.</summary>
    Task<IReadOnlyList<Concern>> ReadTroublesAsync(CancellationToken cancellationToken);

    /// <summary>The room.</summary>
    Task<SpaceStatus> ReadSpaceAsync(CancellationToken cancellationToken);
}
