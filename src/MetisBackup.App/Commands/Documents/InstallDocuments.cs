using MetisBackup.App.Operations;

namespace MetisBackup.App.Commands.Documents;

/// <summary>Of <c>dr install</c> and <c>serve install</c>, also of its dry run.</summary>
internal sealed record InstallDocument : Document
{
    /// <summary>False after a dry run.</summary>
    public required bool Executed { get; init; }

    /// <summary>Something is another than before, or would be.</summary>
    public required bool Changed { get; init; }

    /// <summary>Every file.</summary>
    public required IReadOnlyList<InstalledFileDetail> Files { get; init; }

    /// <summary>The timer, or the service, was started or started anew.</summary>
    public required bool TimerStarted { get; init; }

    /// <summary>The command that gives the account its rights; null for root.</summary>
    public required string? Grant { get; init; }

    /// <summary>That command was run.</summary>
    public required bool Granted { get; init; }
}

/// <summary>A file of an installation.</summary>
/// <param name="Path">Full path.</param>
/// <param name="Change"><c>none</c>, <c>create</c>, <c>update</c> or <c>replace</c>.</param>
/// <param name="Content">What it holds, or where the link points to.</param>
internal sealed record InstalledFileDetail(string Path, string Change, string Content);

/// <summary>Of <c>dr uninstall</c> and <c>serve uninstall</c>, also of its dry run.</summary>
internal sealed record UninstallDocument : Document
{
    /// <summary>False after a dry run.</summary>
    public required bool Executed { get; init; }

    /// <summary>Files that are gone, or would be.</summary>
    public required IReadOnlyList<string> Removed { get; init; }

    /// <summary>Files of the same name that are somebody else's.</summary>
    public required IReadOnlyList<string> Left { get; init; }
}

/// <summary>From the results of the operations to their documents.</summary>
internal static class InstallMapping
{
    public static InstallDocument ToDocument(this InstallScheduleResult result, string command) => new()
    {
        Command = command,
        Executed = result.Executed,
        Changed = result.Changed,
        Files = [.. result.Files.Select(static file => new InstalledFileDetail(file.Path, file.Change.ToString().ToLowerInvariant(), file.Content))],
        TimerStarted = result.TimerStarted,
        Grant = result.Grant,
        Granted = result.Granted,
    };

    public static UninstallDocument ToDocument(this UninstallScheduleResult result, string command) =>
        new() { Command = command, Executed = result.Executed, Removed = result.Removed, Left = result.Left };
}
