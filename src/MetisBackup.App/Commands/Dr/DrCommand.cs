using System.CommandLine;

namespace MetisBackup.App.Commands.Dr;

/// <summary><c>metis-backup dr</c>: the group of commands of the DR tier.</summary>
internal static class DrCommand
{
    /// <summary>Builds the group.</summary>
    public static Command Build(CommandRunner runner) => new("dr", "Disaster recovery: snapshots of the whole server on ZFS")
    {
        DrCreateCommand.Build(runner),
        DrListCommand.Build(runner),
        DrRollbackCommand.BuildRollback(runner),
        DrRollbackCommand.BuildUndo(runner),
        DrPruneCommand.Build(runner),
        DrDrillCommand.Build(runner),
        DrInstallCommand.Build(runner),
        DrUninstallCommand.Build(runner),
    };
}
