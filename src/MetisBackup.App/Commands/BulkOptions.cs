using System.CommandLine;
using MetisBackup.App.Operations.Capturing;
using MetisBackup.Core.Errors;

namespace MetisBackup.App.Commands;

/// <summary>Which files beside the database go into a snapshot.</summary>
internal sealed class BulkOptions
{
    private readonly Option<bool> _include = new("--include-bulk") { Description = "Capture the bulk files too, as with bulk.include in the configuration" };
    private readonly Option<bool> _leaveOut = new("--no-bulk") { Description = "Leave the bulk files out, whatever the configuration says" };
    private readonly SettingOption _path = new("--bulk-path", "bulk.path", "DIR", "Directory of the bulk files");

    /// <summary>Makes the options known.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_include);
        command.Options.Add(_leaveOut);
        command.Options.Add(_path);
    }

    /// <summary>The files to capture; null for none.</summary>
    /// <exception cref="MetisException">2: both were asked for.</exception>
    public BulkSettings? ForCreate(CommandRun run)
    {
        var (include, leaveOut) = (run.Parsed.GetValue(_include), run.Parsed.GetValue(_leaveOut));
        return include && leaveOut
            ? throw new MetisException(ErrorCode.Usage, "--include-bulk and --no-bulk contradict each other.", "leave out one of them")
            : include || (run.Settings.Bulk.Include && !leaveOut) ? Of(run) : null;
    }

    /// <summary>The directory of the configuration or of the line.</summary>
    private static BulkSettings Of(CommandRun run) => new(run.Settings.Bulk.Path, run.Settings.Bulk.Excluded, run.Settings.Bulk.KeepTrash);
}
