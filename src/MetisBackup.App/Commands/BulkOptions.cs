using System.CommandLine;
using MetisBackup.App.Operations.Capturing;
using MetisBackup.Core.Errors;

namespace MetisBackup.App.Commands;

/// <summary>Which files beside the database belong to a run.</summary>
internal sealed class BulkOptions
{
    private readonly Option<bool> _include = new("--include-bulk");
    private readonly Option<bool> _other;
    private readonly SettingOption _path = new("--bulk-path", "bulk.path", "DIR", "Directory of the bulk files");

    private BulkOptions(Command command, string include, Option<bool> other)
    {
        _include.Description = include;
        _other = other;
        command.Options.Add(_include);
        command.Options.Add(_other);
        command.Options.Add(_path);
    }

    /// <summary>Files are restored, with the database or alone.</summary>
    public bool IsAsked(CommandRun run) => run.Parsed.GetValue(_include) || IsAlone(run);

    /// <summary>Only the files are restored.</summary>
    public bool IsAlone(CommandRun run) => run.Parsed.GetValue(_other);

    /// <summary>The directory was named on the line.</summary>
    public bool NamesDirectory(CommandRun run) => _path.Typed(run.Parsed).Any();

    /// <summary>The options of <c>create</c>.</summary>
    public static BulkOptions AddToCreate(Command command) => new(
        command,
        "Capture the bulk files too, as with bulk.include in the configuration",
        new Option<bool>("--no-bulk") { Description = "Leave the bulk files out, whatever the configuration says" });

    /// <summary>The options of <c>restore</c>.</summary>
    public static BulkOptions AddToRestore(Command command) => new(
        command,
        "Restore the bulk files too",
        new Option<bool>("--only-bulk") { Description = "Restore the bulk files and leave the database as it is" });

    /// <summary>The files to capture; null for none.</summary>
    /// <exception cref="MetisException">2: the options contradict each other.</exception>
    public BulkSettings? ForCreate(CommandRun run)
    {
        var (include, leaveOut) = (run.Parsed.GetValue(_include), run.Parsed.GetValue(_other));
        return include && leaveOut
            ? throw new MetisException(ErrorCode.Usage, "--include-bulk and --no-bulk contradict each other.", "leave out one of them")
            : include || (run.Settings.Bulk.Include && !leaveOut) ? Settings(run) : null;
    }

    /// <summary>The directory of the configuration or of the line.</summary>
    public static BulkSettings Settings(CommandRun run) => new(run.Settings.Bulk.Path, run.Settings.Bulk.Excluded, run.Settings.Bulk.KeepTrash);
}
