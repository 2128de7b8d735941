using MetisBackup.App.Configuration;
using MetisBackup.App.Operations.Scheduling;

namespace MetisBackup.App.Service;

/// <summary>What those who ask the service are told from. Everything may be read at any moment by anybody.</summary>
internal sealed class ServiceState
{
    private Settings _settings;

    /// <summary>A service that has begun.</summary>
    public ServiceState(Settings settings, Scheduler scheduler, ServiceLoop loop, TimeProvider clock)
    {
        _settings = settings;
        Scheduler = scheduler;
        Loop = loop;
        Since = clock.GetUtcNow();
        Status = new StatusDesk(() => Settings, clock);
    }

    /// <summary>The configuration as it was read last.</summary>
    public Settings Settings
    {
        get => Volatile.Read(ref _settings);
        set => Volatile.Write(ref _settings, value);
    }

    /// <summary>The schedule.</summary>
    public Scheduler Scheduler { get; }

    /// <summary>Who looks at it.</summary>
    public ServiceLoop Loop { get; }

    /// <summary>How the backups stand.</summary>
    public StatusDesk Status { get; }

    /// <summary>When the service began.</summary>
    public DateTimeOffset Since { get; }

    /// <summary>The service is about to end.</summary>
    public bool IsStopping { get; set; }
}
