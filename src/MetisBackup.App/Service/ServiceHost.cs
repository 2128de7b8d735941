using System.Globalization;
using MetisBackup.App.Configuration;
using MetisBackup.App.Operations.Running;
using MetisBackup.App.Operations.Scheduling;
using MetisBackup.App.Operations.Serving;

namespace MetisBackup.App.Service;

/// <summary>The service without its web server: the schedule, the chores, and what systemd hears of them.</summary>
internal sealed class ServiceHost : IDisposable
{
    /// <summary>The longest time between two looks at the schedule.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(15);

    /// <summary>What the rest of the end takes after the jobs.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan BetweenWatches = TimeSpan.FromMinutes(5);

    private readonly TimeProvider _clock;
    private readonly ServiceLog _log;
    private readonly SystemdNotifier _systemd = new();
    private readonly ServiceJobs _jobs;
    private readonly Scheduler _scheduler;

    /// <summary>What the last watch could not do.</summary>
    private IReadOnlyList<string> _told = [];

    /// <summary>Makes the service; nothing runs yet.</summary>
    /// <param name="settings">The configuration.</param>
    /// <param name="clock">The time.</param>
    /// <param name="log">Hears what happens.</param>
    /// <exception cref="Core.Errors.MetisException">2: a target cannot be used.</exception>
    public ServiceHost(Settings settings, TimeProvider clock, ServiceLog log)
    {
        _clock = clock;
        _log = log;
        _jobs = new ServiceJobs(clock, log);
        _scheduler = new Scheduler(new DueMemory(settings.Serve.History, clock, log.Warn), clock, log);
        _scheduler.Use(_jobs.Of(settings));

        // systemd wants two signs within its time; three forgive a busy machine
        var pause = _systemd.Watchdog / 3 is { } third && third < Pause ? third : Pause;
        State = new ServiceState(settings, _scheduler, new ServiceLoop(_scheduler, clock, pause, () => _systemd.Say("WATCHDOG=1")), clock);
    }

    /// <summary>What those who ask are told from.</summary>
    public ServiceState State { get; }

    /// <summary>Runs until it is told to stop; then finishes what runs, or abandons it when that takes too long.</summary>
    public async Task RunAsync(ServiceHold hold, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var chores = new ServiceChores(Chores(hold), _clock, _log).RunAsync(ending.Token);
        _systemd.Say($"READY=1\nSTATUS={Summary()}");
        try
        {
            await State.Loop.RunAsync(cancellationToken);
        }
        finally
        {
            State.IsStopping = true;
            var patience = State.Settings.Serve.StopTimeout;
            _systemd.Say(string.Create(CultureInfo.InvariantCulture, $"STOPPING=1\nSTATUS=Finishing what runs\nEXTEND_TIMEOUT_USEC={(long)(patience + Rest).TotalMicroseconds}"));
            foreach (var busy in _scheduler.Standing.Where(static one => one.RunningSince is not null))
            {
                _log.Tell($"{busy.Job.Times.Name}: is waited for, {patience.TotalSeconds:0} s at most");
            }

            await _scheduler.StopAsync(patience);
            await ending.CancelAsync();
            await chores;
        }
    }

    /// <summary>Takes a new configuration for the jobs to come; one that cannot be used changes nothing.</summary>
    /// <param name="load">Reads it.</param>
    public void Reload(Func<Settings> load)
    {
        _systemd.Say("RELOADING=1");
        try
        {
            var (before, settings) = (State.Settings, load());
            _scheduler.Use(_jobs.Of(settings));
            State.Settings = settings;
            _log.Tell($"the configuration was read again: {Summary()}");
            if (!before.Serve.Listen.Equals(settings.Serve.Listen) || before.Serve.History != settings.Serve.History)
            {
                _log.Warn("[serve] listen and history hold from the next start on: restart the service");
            }
        }
#pragma warning disable CA1031 // a signal has nobody to tell but the log
        catch (Exception error)
#pragma warning restore CA1031
        {
            var failure = Failure.Of(error);
            _log.Fail($"the configuration cannot be used, the former one holds: {string.Join(' ', [failure.Message, .. failure.Details])}");
        }

        _systemd.Say($"READY=1\nSTATUS={Summary()}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        State.Status.Dispose();
        _scheduler.Dispose();
    }

    private IReadOnlyList<Chore> Chores(ServiceHold hold) =>
    [
        new("history", Day, _ =>
        {
            hold.Forget(State.Settings.Serve.KeepHistory);
            return Task.CompletedTask;
        }),
        new("status", BetweenWatches, async cancellationToken =>
        {
            var failures = await State.Status.WatchAsync(cancellationToken);
            foreach (var failure in failures.Except(_told, StringComparer.Ordinal))
            {
                _log.Warn(failure); // the same each time is said once
            }

            _told = failures;
        })
        { Waits = true },
    ];

    private string Summary()
    {
        var standing = _scheduler.Standing;
        var next = standing.Where(static one => one.Next is not null).MinBy(static one => one.Next);
        return string.Create(CultureInfo.InvariantCulture, $"{standing.Count} {(standing.Count == 1 ? "job" : "jobs")}") + (next is null ? "" : $", next {next.Job.Times.Name} at {next.Next:yyyy-MM-dd'T'HH:mm:ssK}");
    }
}
