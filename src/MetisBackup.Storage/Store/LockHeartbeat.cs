using System.Text.Json;
using MetisBackup.Core.Errors;

namespace MetisBackup.Storage.Store;

/// <summary>
/// The sign of life beside a lock, for hosts that share a store over a network where the operating system's lock may not reach: a file
/// that names the owner and is written anew every half minute. On one host it decides nothing.
/// </summary>
internal sealed class LockHeartbeat : IDisposable
{
    /// <summary>How often a sign is given.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    /// <summary>Without a sign for so long, the owner is dead.</summary>
    public static readonly TimeSpan StaleAfter = TimeSpan.FromMinutes(10);

    private readonly Lock _lock = new();
    private readonly string _path;
    private readonly LockOwner _owner;
    private readonly byte[] _content;
    private readonly ITimer _timer;
    private bool _ended;

    private LockHeartbeat(string path, LockOwner owner, byte[] content, TimeProvider time)
    {
        (_path, _owner, _content) = (path, owner, content);
        _timer = time.CreateTimer(_ => TryBeat(), state: null, Interval, Interval);
    }

    /// <summary>The owner before, who ended without giving the lock back; null when he did give it back.</summary>
    public string? TakenFrom { get; private init; }

    /// <summary>Takes a lock whose file this process holds in the operating system.</summary>
    /// <param name="path">The file of the owner.</param>
    /// <param name="file">The file of the lock.</param>
    /// <param name="time">Tells since when, and when to give a sign.</param>
    /// <returns>Null when a living process of another host has it.</returns>
    public static LockHeartbeat? TryTake(string path, FileStream file, TimeProvider time)
    {
        string? takenFrom = null;
        if (File.Exists(path))
        {
            // read first: who is judged is who is buried, whoever takes the place meanwhile
            var dead = LockOwner.Read(path);
            if (IsAlive(path, dead, file) || !TryBury(path, dead))
            {
                return null;
            }

            takenFrom = dead?.ToString() ?? "an unknown process";
        }

        var since = time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        var owner = new LockOwner(Environment.UserName, Environment.MachineName, Environment.ProcessId, since) { Id = Guid.NewGuid().ToString("N") };
        var content = JsonSerializer.SerializeToUtf8Bytes(owner, LockJson.Default.LockOwner);
        return TryWrite(path, owner.Id, content) ? new LockHeartbeat(path, owner, content, time) { TakenFrom = takenFrom } : null;
    }

    /// <summary>Whether the owner that is named lives on another host. Of this host, the lock of the operating system tells the truth.</summary>
    /// <param name="path">The file of the owner.</param>
    /// <param name="file">The file of the lock, held by this process.</param>
    public static bool IsAlive(string path, FileStream file) => IsAlive(path, LockOwner.Read(path), file);

    private static bool IsAlive(string path, LockOwner? owner, FileStream file)
    {
        if (!File.Exists(path) || owner?.Host == Environment.MachineName)
        {
            return false;
        }

        if (!file.CanWrite)
        {
            return true; // the time of the file server cannot be had: when in doubt, alive
        }

        // both times are those of the file server: the clocks of two hosts need not agree
        RandomAccess.Write(file.SafeFileHandle, "\n"u8, fileOffset: 0);
        file.Flush(flushToDisk: true);
        return File.GetLastWriteTimeUtc(file.SafeFileHandle) - File.GetLastWriteTimeUtc(path) < StaleAfter;
    }

    /// <summary>Makes sure that nobody has taken the lock, as another host may when this one stood still for long.</summary>
    /// <exception cref="MetisException">11: somebody has.</exception>
    public void Require()
    {
        Beat();
        if (LockOwner.Read(_path) is { } present && present.Id != _owner.Id)
        {
            throw new MetisException(ErrorCode.Locked, $"This run gave no sign of life for {StaleAfter.TotalMinutes:0} minutes, and another one took its lock: {present}.", "run the same command again");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _ended = true;
        }

        _timer.Dispose();
        try
        {
            if (LockOwner.Read(_path)?.Id == _owner.Id)
            {
                File.Delete(_path);
            }
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            // it is stale soon
            return;
        }
    }

    private void TryBeat()
    {
        try
        {
            Beat();
        }
        catch (Exception error) when (StoreFault.IsDisk(error))
        {
            // the next sign may get through; without one for long the lock is lost, which is seen before anything is committed
            return;
        }
    }

    /// <summary>Writes the same content again, which leaves readers nothing half-written to see and gives the file a new time.</summary>
    private void Beat()
    {
        lock (_lock)
        {
            if (!_ended && LockOwner.Read(_path)?.Id == _owner.Id)
            {
                using var file = new FileStream(_path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
                file.Write(_content);
                file.Flush(flushToDisk: true);
            }
        }
    }

    /// <summary>Removes the name of a dead owner, and nobody else's: two hosts may find the same one dead.</summary>
    private static bool TryBury(string path, LockOwner? dead)
    {
        var grave = $"{path}.{Guid.NewGuid():N}";
        try
        {
            File.Move(path, grave, overwrite: false);
        }
        catch (FileNotFoundException)
        {
            return false;
        }

        if (LockOwner.Read(grave)?.Id == dead?.Id)
        {
            File.Delete(grave);
            return true;
        }

        try
        {
            File.Move(grave, path, overwrite: false);
        }
        catch (IOException error) when (StoreFault.IsTaken(error))
        {
            File.Delete(grave);
        }

        return false;
    }

    /// <summary>Puts the name there in one step; false when another host was quicker.</summary>
    private static bool TryWrite(string path, string id, byte[] content)
    {
        var fresh = $"{path}.{id}";
        StoreFile.Replace(fresh, content);
        try
        {
            File.Move(fresh, path, overwrite: false);
            return true;
        }
        catch (IOException error) when (StoreFault.IsTaken(error))
        {
            File.Delete(fresh);
            return false;
        }
    }
}
