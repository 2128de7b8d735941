using MetisBackup.Core.Errors;
using MetisBackup.Storage.Zfs;

namespace MetisBackup.App.Operations.DisasterRecovery;

/// <summary>
/// Keeps the server of a drill away from the files of the live one. The stock server reads the configuration of the machine, and what that names
/// outside of the database directory both would write to: a second server on the same write-ahead log destroys it.
/// </summary>
internal static class DrillIsolation
{
    private const string StockServer = "arangod";
    private static readonly (string Option, string Own)[] Shared = [("rocksdb.wal-directory", "{data}/engine-rocksdb/journals"), ("javascript.app-path", "{data}/drill-apps")];

    /// <summary>Insists on it.</summary>
    /// <param name="command">The program of the drill and its arguments.</param>
    /// <param name="configuration">The live server's configuration; may be missing.</param>
    /// <exception cref="MetisException">12: the configuration may not be read. 15: the server would work on files of the live one.</exception>
    public static void Require(IReadOnlyList<string> command, string configuration)
    {
        if (Path.GetFileName(command[0]) != StockServer || Gives(command, "configuration") || command.Contains("-c", StringComparer.Ordinal)
            || ServerConfiguration.TryRead(configuration) is not { } configured)
        {
            return;
        }

        foreach (var (option, own) in Shared)
        {
            if (configured.Value(option) is { } path && !Gives(command, option))
            {
                throw new MetisException(
                    ErrorCode.Refused, $"The server of the drill would write to {path} of the live one, which {configuration} names as {option}.", $"add \"--{option}\", \"{own}\" to --drill-command");
            }
        }
    }

    private static bool Gives(IReadOnlyList<string> command, string option) =>
        command.Any(one => one == "--" + option || one.StartsWith($"--{option}=", StringComparison.Ordinal));
}
