using MetisBackup.Core.Errors;
using MetisBackup.Storage.Processes;

namespace MetisBackup.Storage.Zfs;

/// <summary>The two programs of ZFS.</summary>
/// <param name="runner">Starts them.</param>
/// <param name="zfs">Name or absolute path of <c>zfs</c>; <c>zpool</c> lies beside it.</param>
public sealed class ZfsProgram(IProcessRunner runner, string zfs)
{
    private const string Missing = "install ZFS (Debian: zfsutils-linux), or name the command with --zfs";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);
    private readonly IProcessRunner _runner = runner;
    private readonly string _zfs = zfs;
    private readonly string _zpool = Path.IsPathRooted(zfs) ? Path.Combine(Path.GetDirectoryName(zfs)!, "zpool") : "zpool";

    /// <summary>Runs <c>zfs</c>; a failure is a result.</summary>
    /// <exception cref="MetisException">16: it is not installed, or did not end in time.</exception>
    public Task<ProcessResult> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        _runner.RunAsync(new ProcessRequest { Program = _zfs, Arguments = arguments, TimeLimit = Patience, OutLimit = 256 * 1024 * 1024, IfMissing = Missing }, cancellationToken);

    /// <summary>Runs <c>zfs</c> and insists on success.</summary>
    /// <param name="thing">What it is about, for messages.</param>
    /// <param name="arguments">The verb first.</param>
    /// <param name="cancellationToken">Kills the command.</param>
    /// <returns>Standard output.</returns>
    /// <exception cref="MetisException">10, 12, 15, 16, 17, see <see cref="ZfsFailures"/>.</exception>
    public async Task<string> RequireAsync(string thing, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var result = await RunAsync(arguments, cancellationToken);
        return result.Succeeded ? result.Out : throw ZfsFailures.Of($"zfs {arguments[0]}", thing, result);
    }

    /// <summary>Runs <c>zpool list</c> for one pool.</summary>
    /// <exception cref="MetisException">10: there is no such pool. 12, 16: as the command says.</exception>
    public async Task<ZfsPool> PoolAsync(string pool, CancellationToken cancellationToken)
    {
        var request = new ProcessRequest { Program = _zpool, Arguments = ["list", "-H", "-o", "name,cap,health", pool], TimeLimit = Patience, IfMissing = Missing };
        var result = await _runner.RunAsync(request, cancellationToken);
        return result.Succeeded ? ZfsPool.Parse(result.Out) : throw ZfsFailures.Of("zpool list", "pool " + pool, result);
    }
}
