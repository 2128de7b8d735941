using MetisBackup.Core.Errors;
using MetisBackup.Storage.Processes;

namespace MetisBackup.Storage.Zfs;

/// <summary>Turns what the commands complain about into the errors of the product. Only messages and exit codes hang on it, no decision.</summary>
internal static class ZfsFailures
{
    /// <summary>Rights that a user other than root needs for everything but a rollback.</summary>
    private const string Delegation = "snapshot,destroy,mount,hold,release,userprop,create,clone";

    /// <summary>The error for a command that failed.</summary>
    /// <param name="command">Program and verb: <c>zfs snapshot</c>.</param>
    /// <param name="thing">The data set or snapshot.</param>
    /// <param name="result">How it ended.</param>
    public static MetisException Of(string command, string thing, ProcessResult result)
    {
        var said = result.Error.Length == 0 && result.Out.Length > 0 ? result.Out.Trim() : result.Complaint;
        var sentence = $"'{command}' failed for {thing}: {said.TrimEnd('.')}.";
        return 0 switch
        {
            _ when Says(said, "modules are not loaded", "modules cannot be auto-loaded", "zfs-fuse daemon") => new(
                ErrorCode.ServerFailed, $"ZFS does not run: {said.TrimEnd('.')}.", "load it with 'modprobe zfs', or start the zfs-fuse daemon"),
            _ when Says(said, "permission denied", "must be run as root", "may only be mounted by root", "permission is needed") => new(
                ErrorCode.Denied, sentence, $"run it as root, or let root run: zfs allow -u {Environment.UserName} {Delegation} {thing.Split('@')[0]}"),
            _ when Says(said, "dataset does not exist", "no such pool", "could not find any snapshots") => new(
                ErrorCode.NotFound, $"ZFS has no {thing}: {said.TrimEnd('.')}.", "'zfs list' shows what there is; --dataset names the data set"),
            _ when Says(said, "already exists") => new(ErrorCode.Refused, sentence, "choose another name, or remove what has it"),
            _ when Says(said, "out of space", "quota exceeded", "no space left", "not enough space") => new(
                ErrorCode.NoSpace, sentence, "free space in the pool: 'metis-backup dr prune' removes old snapshots"),
            _ when Says(said, "is busy", "being held", "dependent clones") => new(
                ErrorCode.ServerFailed, sentence, "end what uses it; 'metis-backup dr list --verbose' shows holds and clones"),
            _ => new(ErrorCode.ServerFailed, sentence, "run the command by hand to see more"),
        };
    }

    private static bool Says(string text, params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (text.Contains(word, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
