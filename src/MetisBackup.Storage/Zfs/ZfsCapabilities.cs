using MetisBackup.Core.Naming;
using MetisBackup.Storage.Processes;

namespace MetisBackup.Storage.Zfs;

/// <summary>
/// What the installed commands can do. Found out by trying, once, when it is first needed, and never from a version: a command that does
/// not know an option says so before it does anything and ends with 2.
/// </summary>
/// <param name="program">The commands.</param>
/// <param name="dataset">Something to ask about.</param>
public sealed class ZfsCapabilities(ZfsProgram program, DatasetName dataset)
{
    private const int UnknownOption = 2;
    private readonly ZfsProgram _program = program;
    private readonly DatasetName _dataset = dataset;
    private bool? _exactListing;
    private bool? _typedGet;
    private bool? _batchedDestroy;

    /// <summary><c>zfs list -p</c>: numbers are printed in full. Without it they are rounded, identities too.</summary>
    public async Task<bool> ListsExactlyAsync(CancellationToken cancellationToken) =>
        _exactListing ??= await KnowsAsync(["list", "-Hp", "-d", "0", "-o", "name", _dataset.Value], cancellationToken);

    /// <summary>Runs a listing with <c>-p</c>, which is its own probe.</summary>
    /// <param name="arguments">Of <c>zfs list</c>.</param>
    /// <param name="cancellationToken">Ends the command.</param>
    /// <returns>How it ended; null when the command does not know the option.</returns>
    public async Task<ProcessResult?> TryListExactlyAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        if (_exactListing == false)
        {
            return null;
        }

        var result = await _program.RunAsync(arguments, cancellationToken);
        _exactListing = result.ExitCode != UnknownOption;
        return _exactListing == true ? result : null;
    }

    /// <summary><c>zfs get -t</c>: the properties of snapshots alone can be asked for.</summary>
    public async Task<bool> GetsByTypeAsync(CancellationToken cancellationToken) =>
        _typedGet ??= await KnowsAsync(["get", "-H", "-t", "filesystem", "-o", "name", "type", _dataset.Value], cancellationToken);

    /// <summary><c>zfs destroy a@x,y,z</c>. Asked with <c>-n</c>: nothing is destroyed even if there were snapshots of these names.</summary>
    public async Task<bool> DestroysInBatchesAsync(CancellationToken cancellationToken) =>
        _batchedDestroy ??= await KnowsAsync(["destroy", "-n", _dataset.Value + "@metis-probe-1,metis-probe-2"], cancellationToken);

    private async Task<bool> KnowsAsync(string[] arguments, CancellationToken cancellationToken) =>
        (await _program.RunAsync(arguments, cancellationToken)).ExitCode != UnknownOption;
}
