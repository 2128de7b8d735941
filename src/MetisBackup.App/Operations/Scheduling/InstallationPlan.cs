using MetisBackup.Core.Errors;
using MetisBackup.Storage.Installation;

namespace MetisBackup.App.Operations.Scheduling;

/// <summary>What an installation would do with each of its files.</summary>
/// <param name="files">The files as they should be.</param>
internal sealed class InstallationPlan(IReadOnlyList<InstalledFile> files)
{
    private readonly List<(InstalledFile File, ScheduleChange Change)> _plan = [.. files.Select(static file => (file, ChangeOf(file.Look())))];

    /// <summary>Something is another than it should be.</summary>
    public bool Changes => _plan.Exists(static one => one.Change != ScheduleChange.None);

    /// <summary>Every file, also those that are right.</summary>
    public IReadOnlyList<ScheduleFile> Files => [.. _plan.Select(static one => new ScheduleFile(one.File.Path, one.Change, one.File.Content ?? one.File.Target!))];

    /// <summary>Insists that no file is somebody else's.</summary>
    /// <exception cref="MetisException">15: some are.</exception>
    public void RequireOurs()
    {
        var foreign = _plan.Where(static one => one.Change == ScheduleChange.Replace).Select(static one => one.File.Path).ToList();
        if (foreign.Count > 0)
        {
            throw new MetisException(
                ErrorCode.Refused, $"Somebody else made {string.Join(" and ", foreign)}.", "look at it; --force replaces it and keeps it beside the new one, with '~' appended");
        }
    }

    /// <summary>Writes what is not as it should be.</summary>
    /// <exception cref="MetisException">12, 17: as the disk says.</exception>
    public void Execute()
    {
        foreach (var (file, change) in _plan)
        {
            if (change != ScheduleChange.None)
            {
                file.Write();
            }
        }
    }

    private static ScheduleChange ChangeOf(InstalledState state) => state switch
    {
        InstalledState.Missing => ScheduleChange.Create,
        InstalledState.Outdated => ScheduleChange.Update,
        InstalledState.Foreign => ScheduleChange.Replace,
        _ => ScheduleChange.None,
    };
}
