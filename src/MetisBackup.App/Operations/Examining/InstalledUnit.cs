using MetisBackup.Core.Errors;
using MetisBackup.Storage.Processes;

namespace MetisBackup.App.Operations.Examining;

/// <summary>A unit of systemd that is installed.</summary>
/// <param name="Name">With its ending.</param>
/// <param name="State"><c>active</c>, <c>inactive</c>, <c>failed</c> …</param>
/// <param name="FileState"><c>enabled</c>, <c>disabled</c> …</param>
/// <param name="Next">When a timer runs next, in systemd's words; null when it does not, or is none.</param>
internal sealed record InstalledUnit(string Name, string State, string FileState, string? Next)
{
    /// <summary>It does its work.</summary>
    public bool IsActive => State is "active" or "activating" or "reloading";

    /// <summary>It starts with the machine.</summary>
    public bool IsEnabled => FileState.Length == 0 || FileState.StartsWith("enabled", StringComparison.Ordinal) || FileState is "static" or "generated" or "alias" or "indirect";
}

/// <summary>Asks systemd about units.</summary>
/// <param name="runner">Starts <c>systemctl</c>.</param>
internal sealed class UnitReader(IProcessRunner runner)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly IProcessRunner _runner = runner;

    /// <summary>A unit; null when it is not installed.</summary>
    /// <exception cref="MetisException">16: systemd does not tell.</exception>
    public async Task<InstalledUnit?> ReadAsync(string name, CancellationToken cancellationToken)
    {
        var result = await _runner.RunAsync(
            new ProcessRequest { Program = "systemctl", Arguments = ["show", "--property=LoadState,ActiveState,UnitFileState,NextElapseUSecRealtime", "--", name], TimeLimit = Patience }, cancellationToken);
        if (!result.Succeeded)
        {
            throw new MetisException(ErrorCode.ServerFailed, $"systemd does not tell the state of {name}: {result.Complaint}", "see 'systemctl status'");
        }

        var values = result.Lines.Select(static line => line.Split('=', 2)).Where(static parts => parts.Length == 2).ToDictionary(static parts => parts[0], static parts => parts[1], StringComparer.Ordinal);
        return values.GetValueOrDefault("LoadState") is "not-found" or null
            ? null
            : new InstalledUnit(name, values.GetValueOrDefault("ActiveState", ""), values.GetValueOrDefault("UnitFileState", ""), values.GetValueOrDefault("NextElapseUSecRealtime") is { Length: > 0 } next ? next : null);
    }
}
