using MetisBackup.Storage.Processes;
using MetisBackup.Storage.Zfs;

namespace MetisBackup.App.Operations.DisasterRecovery;

/// <summary>What every operation of the DR tier works with.</summary>
internal sealed class DrTools
{
    /// <summary>Puts the tools together; nothing is run yet.</summary>
    public DrTools(DrSettings settings, TimeProvider clock)
    {
        Settings = settings;
        Clock = clock;
        Processes = new ProcessRunner(clock);
        var program = new ZfsProgram(Processes, settings.Zfs);
        var capabilities = new ZfsCapabilities(program, settings.Dataset);
        Reader = new ZfsReader(program, capabilities);
        Writer = new ZfsWriter(program, capabilities, Reader, clock);
        Log = new EventLog(settings.LogPath);
    }

    /// <summary>Where to work.</summary>
    public DrSettings Settings { get; }

    /// <summary>The time.</summary>
    public TimeProvider Clock { get; }

    /// <summary>Starts other programs.</summary>
    public ProcessRunner Processes { get; }

    /// <summary>Asks ZFS.</summary>
    public ZfsReader Reader { get; }

    /// <summary>Changes ZFS.</summary>
    public ZfsWriter Writer { get; }

    /// <summary>The log of events.</summary>
    public EventLog Log { get; }

    /// <summary>Takes the right to change the data set.</summary>
    /// <exception cref="Core.Errors.MetisException">11: another run has it.</exception>
    public DatasetLock Lock()
    {
        var held = DatasetLock.Acquire(Settings.StatePath, Settings.Dataset, Clock);
        if (held.TakenOver is { } dead)
        {
            // a log that cannot be written is told of by what is written next
            _ = Log.TryAppend(Clock.GetUtcNow(), dead);
        }

        return held;
    }

    /// <summary>Writes an event down; a log that cannot be written is a warning.</summary>
    public void Record(string text, ICollection<string> warnings)
    {
        if (Log.TryAppend(Clock.GetUtcNow(), text) is { } fault)
        {
            warnings.Add(fault);
        }
    }
}
