using MetisBackup.Core.Errors;

namespace MetisBackup.Storage.Services;

/// <summary>Stops and starts the database server, whatever keeps it: <see cref="SystemdService"/> or <see cref="CommandService"/>.</summary>
public interface IServiceControl
{
    /// <summary>How messages call it: <c>arangodb3.service</c>.</summary>
    string Name { get; }

    /// <summary>What the service does now.</summary>
    /// <exception cref="MetisException">10: there is no such service; 12: no rights; 16: nobody can tell.</exception>
    Task<ServiceStatus> ReadStatusAsync(CancellationToken cancellationToken);

    /// <summary>Stops it; returns when it is down and its process is gone. Does nothing when it is down.</summary>
    /// <exception cref="MetisException">10, 12; 16: it did not stop in time.</exception>
    Task StopAsync(CancellationToken cancellationToken);

    /// <summary>Starts it; returns when it runs, which does not mean that the server answers yet. Does nothing when it runs.</summary>
    /// <exception cref="MetisException">10, 12; 16: it did not start.</exception>
    Task StartAsync(CancellationToken cancellationToken);
}
