using MetisBackup.App.Operations.Capturing;
using MetisBackup.App.Output;
using MetisBackup.Core.Snapshots;

namespace MetisBackup.App.Commands;

/// <summary>The files beside a database, in words.</summary>
internal static class FilesText
{
    /// <summary>How many and how large.</summary>
    public static string Of(BulkRecord files) => $"{HumanText.Count(files.Files, "file")} in {Directories(files.Directories)}, {HumanText.Bytes(files.Bytes)}";

    /// <summary>What a capture did, in one sentence.</summary>
    public static string Summary(CapturedFiles files)
    {
        var since = files.Parent is { } parent ? $"since {HumanText.Printable(parent)}: " : "";
        var stored = HumanText.Bytes(files.Record.StoredBytes - files.SharedBytes);
        return $"{Of(files.Record)} of {HumanText.Printable(files.Record.Root)}; {since}{HumanText.Count(files.FilesRead, "file")} read, {stored} new on disk";
    }

    private static string Directories(long count) => count == 1 ? "1 directory" : $"{HumanText.Count(count)} directories";
}
