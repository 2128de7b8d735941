using System.Globalization;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;

namespace MetisBackup.Storage.Zfs;

/// <summary>Everything that changes something in ZFS. Success means that the thing is so, whatever the exit code was.</summary>
/// <param name="program">The commands.</param>
/// <param name="capabilities">Which forms they know.</param>
/// <param name="reader">Checks what became of a change.</param>
/// <param name="clock">Makes values that differ.</param>
public sealed class ZfsWriter(ZfsProgram program, ZfsCapabilities capabilities, ZfsReader reader, TimeProvider clock)
{
    private const int LongestArgument = 100_000;
    private const int Tries = 30;
    private const string TickProperty = "metis-backup:tick";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private readonly ZfsProgram _program = program;
    private readonly ZfsCapabilities _capabilities = capabilities;
    private readonly ZfsReader _reader = reader;
    private readonly TimeProvider _clock = clock;

    /// <summary>Takes a snapshot, of all data sets below in the same moment when <paramref name="recursive"/>, with properties from its first moment on.</summary>
    public async Task SnapshotAsync(string snapshot, bool recursive, IReadOnlyDictionary<string, string> properties, CancellationToken cancellationToken)
    {
        string[] scope = recursive ? ["-r"] : [];
        await _program.RequireAsync(snapshot, ["snapshot", .. scope, .. Options(properties), snapshot], cancellationToken);
    }

    /// <summary>Holds a snapshot: it cannot be destroyed before the tag is released. A tag that is there already is left.</summary>
    public async Task HoldAsync(string snapshot, string tag, bool recursive, CancellationToken cancellationToken)
    {
        string[] scope = recursive ? ["-r"] : [];
        var result = await _program.RunAsync(["hold", .. scope, tag, snapshot], cancellationToken);
        if (!result.Succeeded && (await _reader.GetAsync(snapshot, "userrefs", cancellationToken)).Number(snapshot, "userrefs") is null or 0)
        {
            throw ZfsFailures.Of("zfs hold", snapshot, result);
        }
    }

    /// <summary>Destroys snapshots of one data set, in as few commands as the version allows. What cannot be destroyed does not stop the others.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="names">The parts behind the <c>@</c>.</param>
    /// <param name="recursive">The snapshots of the same name below it too.</param>
    /// <param name="cancellationToken">Ends the command.</param>
    /// <returns>What failed, by name.</returns>
    public async Task<IReadOnlyDictionary<string, MetisException>> DestroySnapshotsAsync(
        DatasetName dataset, IReadOnlyList<string> names, bool recursive, CancellationToken cancellationToken)
    {
        string[] scope = recursive ? ["-r"] : [];
        var failures = new Dictionary<string, MetisException>(StringComparer.Ordinal);
        var inBatches = names.Count > 1 && await _capabilities.DestroysInBatchesAsync(cancellationToken);
        foreach (var batch in inBatches ? Batches(dataset, names) : names.Select(static name => new[] { name }))
        {
            var all = dataset.Snapshot(batch[0]) + string.Concat(batch.Skip(1).Select(static name => "," + name));
            if (batch.Length > 1 && (await _program.RunAsync(["destroy", .. scope, all], cancellationToken)).Succeeded)
            {
                continue;
            }

            foreach (var name in batch)
            {
                // of a batch that failed some may be gone
                var one = dataset.Snapshot(name);
                var result = await _program.RunAsync(["destroy", .. scope, one], cancellationToken);
                if (!result.Succeeded && await _reader.ExistsAsync(one, cancellationToken))
                {
                    failures[name] = ZfsFailures.Of("zfs destroy", one, result);
                }
            }
        }

        return failures;
    }

    /// <summary>Destroys a data set with everything below it.</summary>
    public async Task DestroyTreeAsync(DatasetName dataset, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            await UnmountTreeAsync(dataset, cancellationToken);
            var result = await _program.RunAsync(["destroy", "-r", dataset.Value], cancellationToken);
            if (result.Succeeded || !await _reader.ExistsAsync(dataset.Value, cancellationToken))
            {
                return;
            }

            if (attempt == Tries || !await TickAsync(dataset, cancellationToken))
            {
                throw ZfsFailures.Of("zfs destroy", dataset.Value, result);
            }
        }
    }

    /// <summary>Makes a clone that is not mounted. It exists afterwards even if the command complained about mounting.</summary>
    public async Task CloneAsync(string snapshot, DatasetName clone, IReadOnlyDictionary<string, string> properties, CancellationToken cancellationToken)
    {
        var result = await _program.RunAsync(["clone", .. Options(properties), snapshot, clone.Value], cancellationToken);
        if (!result.Succeeded && !(await _reader.ExistsAsync(clone.Value, cancellationToken) && await OriginAsync(clone, cancellationToken) == snapshot))
        {
            throw ZfsFailures.Of("zfs clone", clone.Value, result);
        }

        await UnmountAsync(clone, cancellationToken);
    }

    /// <summary>Makes a clone the owner of the snapshots that it shares with <paramref name="over"/>. One that is no clone of that data set is left.</summary>
    public async Task PromoteAsync(DatasetName clone, DatasetName over, CancellationToken cancellationToken)
    {
        var before = await OriginAsync(clone, cancellationToken);
        if (before?.StartsWith(over.Value + "@", StringComparison.Ordinal) != true)
        {
            return;
        }

        var result = await _program.RunAsync(["promote", clone.Value], cancellationToken);
        if (!result.Succeeded && await OriginAsync(clone, cancellationToken) == before)
        {
            throw ZfsFailures.Of("zfs promote", clone.Value, result);
        }
    }

    /// <summary>Renames a data set, and those below it with it. It is not mounted before and after.</summary>
    public async Task RenameAsync(DatasetName from, DatasetName to, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            await UnmountTreeAsync(from, cancellationToken);
            var result = await _program.RunAsync(["rename", from.Value, to.Value], cancellationToken);
            if (result.Succeeded)
            {
                return;
            }

            // zfs-fuse: a file system that was mounted a moment ago is busy until its next transaction group, and the failed call mounts it again
            if (attempt == Tries || await _reader.ExistsAsync(to.Value, cancellationToken) || !await TickAsync(from, cancellationToken))
            {
                throw ZfsFailures.Of("zfs rename", from.Value, result);
            }
        }
    }

    /// <summary>Sets one property.</summary>
    public Task SetAsync(string thing, string property, string value, CancellationToken cancellationToken) =>
        _program.RequireAsync(thing, ["set", $"{property}={value}", thing], cancellationToken);

    /// <summary>Takes a setting away, so that the one from above or the default holds.</summary>
    public Task InheritAsync(string thing, string property, CancellationToken cancellationToken) =>
        _program.RequireAsync(thing, ["inherit", property, thing], cancellationToken);

    /// <summary>Grants again what was granted elsewhere.</summary>
    public Task AllowAsync(DatasetName dataset, ZfsDelegation grant, CancellationToken cancellationToken) =>
        _program.RequireAsync(dataset.Value, ["allow", grant.Scope, .. grant.Who, grant.Permissions, dataset.Value], cancellationToken);

    /// <summary>Mounts a data set; one that is mounted is left.</summary>
    public async Task MountAsync(DatasetName dataset, CancellationToken cancellationToken)
    {
        for (var attempt = 1; !await IsMountedAsync(dataset, cancellationToken); attempt++)
        {
            var result = await _program.RunAsync(["mount", dataset.Value], cancellationToken);
            if (attempt == Tries || (!result.Succeeded && !await TickAsync(dataset, cancellationToken)))
            {
                throw ZfsFailures.Of("zfs mount", dataset.Value, result);
            }
        }
    }

    /// <summary>Unmounts a data set and all below it, the lowest first.</summary>
    /// <exception cref="MetisException">16: something is using it.</exception>
    public async Task UnmountTreeAsync(DatasetName dataset, CancellationToken cancellationToken)
    {
        var mounted = await _reader.GetOfTreeAsync(dataset, "mounted", cancellationToken);
        foreach (var name in mounted.Names.Where(name => mounted.Value(name, "mounted") == "yes").OrderDescending(StringComparer.Ordinal))
        {
            await UnmountAsync(DatasetName.Require(name), cancellationToken);
        }
    }

    /// <summary>Goes back to the newest snapshot in place; <paramref name="discardNewer"/> destroys those that are newer than the given one.</summary>
    public Task RollBackAsync(string snapshot, bool discardNewer, CancellationToken cancellationToken)
    {
        string[] scope = discardNewer ? ["-r"] : [];
        return _program.RequireAsync(snapshot, ["rollback", .. scope, snapshot], cancellationToken);
    }

    private async Task UnmountAsync(DatasetName dataset, CancellationToken cancellationToken)
    {
        for (var attempt = 1; await IsMountedAsync(dataset, cancellationToken); attempt++)
        {
            var result = await _program.RunAsync(["unmount", dataset.Value], cancellationToken);
            if (!result.Succeeded && attempt == Tries)
            {
                var users = MountTable.Read().PointOf(dataset.Value) is { } point ? OpenFiles.Below(point) : [];
                throw users.Count == 0
                    ? ZfsFailures.Of("zfs unmount", dataset.Value, result)
                    : new MetisException(ErrorCode.ServerFailed, $"Data set {dataset} cannot be unmounted: {string.Join("; ", users.Take(5))}.", "end these processes, then run the same command again");
            }

            if (!result.Succeeded)
            {
                await Task.Delay(Pause, _clock, cancellationToken);
            }
        }
    }

    private async Task<bool> IsMountedAsync(DatasetName dataset, CancellationToken cancellationToken) =>
        (await _reader.GetAsync(dataset.Value, "mounted", cancellationToken)).Value(dataset.Value, "mounted") == "yes";

    private async Task<string?> OriginAsync(DatasetName dataset, CancellationToken cancellationToken) =>
        (await _reader.GetAsync(dataset.Value, "origin", cancellationToken)).Value(dataset.Value, "origin");

    /// <summary>Where the old commands are in use: makes the pool write a transaction group. False where this would not help.</summary>
    private async Task<bool> TickAsync(DatasetName dataset, CancellationToken cancellationToken)
    {
        if (await _capabilities.ListsExactlyAsync(cancellationToken))
        {
            return false;
        }

        var value = _clock.GetTimestamp().ToString(CultureInfo.InvariantCulture);
        await SetAsync(dataset.Pool, TickProperty, value, cancellationToken);
        await InheritAsync(dataset.Pool, TickProperty, cancellationToken);
        return true;
    }

    private static IEnumerable<string> Options(IReadOnlyDictionary<string, string> properties) =>
        properties.OrderBy(static one => one.Key, StringComparer.Ordinal).SelectMany(static one => new[] { "-o", $"{one.Key}={one.Value}" });

    private static IEnumerable<string[]> Batches(DatasetName dataset, IReadOnlyList<string> names)
    {
        var batch = new List<string>();
        var length = dataset.Value.Length;
        foreach (var name in names)
        {
            if (length + name.Length + 1 > LongestArgument)
            {
                yield return [.. batch];
                batch.Clear();
                length = dataset.Value.Length;
            }

            batch.Add(name);
            length += name.Length + 1;
        }

        yield return [.. batch];
    }
}
