using MetisBackup.App.Operations.Capturing;
using MetisBackup.Arango.Client;
using MetisBackup.Core.Errors;
using MetisBackup.Storage.Processes;
using MetisBackup.Storage.Services;

namespace MetisBackup.App.Operations.DisasterRecovery;

/// <summary>How the server is stopped and started, and where it then answers.</summary>
internal sealed record ServiceSettings
{
    /// <summary>The systemd unit, or what to call it when there are commands; null when nothing is stopped and started.</summary>
    public required string? Name { get; init; }

    /// <summary>Commands instead of systemd: one that starts, one that stops, one that ends with 0 while it runs.</summary>
    public ServiceCommandLines? Commands { get; init; }

    /// <summary>The server.</summary>
    public required ServerSettings Server { get; init; }

    /// <summary>How long it may take until the server answers, and until it is down.</summary>
    public required TimeSpan Patience { get; init; }
}

/// <summary>Programs with their arguments.</summary>
internal sealed record ServiceCommandLines(IReadOnlyList<string> Start, IReadOnlyList<string> Stop, IReadOnlyList<string> Status);

/// <summary>The service of the server, if there is one.</summary>
internal sealed class ServerService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private readonly ServiceSettings _settings;
    private readonly IServiceControl? _control;
    private readonly TimeProvider _clock;

    /// <summary>Chooses who keeps the service; nothing is run yet.</summary>
    public ServerService(ServiceSettings settings, IProcessRunner processes, TimeProvider clock)
    {
        _settings = settings;
        _clock = clock;
        var times = new ServiceTimes(settings.Patience, settings.Patience);
        _control = settings switch
        {
            { Name: null } => null,
            { Commands: { } lines } => new CommandService(processes, clock, settings.Name, new ServiceCommands(lines.Start, lines.Stop, lines.Status), times),
            _ => new SystemdService(processes, clock, settings.Name, times),
        };
    }

    /// <summary>There is something to stop and start.</summary>
    public bool Exists => _control is not null;

    /// <summary>What a person calls it.</summary>
    public string Name => _control?.Name ?? "no service";

    /// <summary>How long it may take to start, and to be down.</summary>
    public TimeSpan Patience => _settings.Patience;

    /// <summary>Address of the server.</summary>
    public string Endpoint => _settings.Server.Endpoint;

    /// <summary>Insists that somebody knows the service, before anything depends on it.</summary>
    /// <exception cref="MetisException">10: there is no such service. 12, 16: it cannot be asked.</exception>
    public Task RequireKnownAsync(CancellationToken cancellationToken) => _control?.ReadStatusAsync(cancellationToken) ?? Task.CompletedTask;

    /// <summary>Stops it; returns when it is down.</summary>
    /// <exception cref="MetisException">12, 16: it does not stop.</exception>
    public Task StopAsync(CancellationToken cancellationToken) => _control?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    /// <summary>Starts it.</summary>
    /// <exception cref="MetisException">12, 16: it does not start.</exception>
    public Task StartAsync(CancellationToken cancellationToken) => _control?.StartAsync(cancellationToken) ?? Task.CompletedTask;

    /// <summary>Waits until the server answers, and has the databases.</summary>
    /// <param name="databases">Names; null when they are not known.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>Why its databases were not compared, half a sentence; null when they were.</returns>
    /// <exception cref="MetisException">16: it does not answer in time, or the service ended. 13: other databases.</exception>
    public async Task<string?> AwaitAsync(IReadOnlyList<string>? databases, CancellationToken cancellationToken)
    {
        if (_control is null)
        {
            return "no service was started";
        }

        using var client = ServerClients.Open(_settings.Server, _clock);
        var census = new ServerCensus(client);
        if (!await AnswersAsync(_control, census, cancellationToken))
        {
            return $"the server at {Endpoint} answers, but does not let this account in";
        }

        if (databases is null)
        {
            return "those of the snapshot were not recorded";
        }

        var found = await census.ReadDatabasesAsync(cancellationToken);
        var differences = databases.Except(found, StringComparer.Ordinal).Select(static one => "lacks " + one).Concat(found.Except(databases, StringComparer.Ordinal).Select(static one => "has " + one)).ToList();
        return differences.Count == 0
            ? null
            : throw new MetisException(ErrorCode.VerificationFailed, $"The databases of the server at {Endpoint} are not those of the snapshot: it {string.Join(", ", differences)}.", "check that --endpoint is the server of this data set");
    }

    /// <summary>Waits for the first answer.</summary>
    /// <returns>False when the server answers, but not to this account.</returns>
    private async Task<bool> AnswersAsync(IServiceControl control, ServerCensus census, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_settings.Patience, _clock);
        while (true)
        {
            try
            {
                await census.ReadVersionAsync(cancellationToken);
                return true;
            }
            catch (MetisException failure) when (failure.Code == ErrorCode.Denied)
            {
                return false;
            }
            catch (MetisException failure)
            {
                if (await control.ReadStatusAsync(cancellationToken) is { State: ServiceState.Failed or ServiceState.Stopped } status)
                {
                    throw new MetisException(ErrorCode.ServerFailed, $"{Name} went down after it was started: {status.Detail}.", "its own log says why", failure);
                }

                if (limit.IsCancellationRequested)
                {
                    throw new MetisException(ErrorCode.ServerFailed, $"The server did not answer within {_settings.Patience.TotalSeconds:0} seconds after {Name} was started: {failure.Message}", "its own log says why", failure);
                }
            }

            await Task.Delay(Pause, _clock, cancellationToken);
        }
    }
}
