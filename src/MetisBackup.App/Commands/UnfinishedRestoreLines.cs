using MetisBackup.App.Operations;
using MetisBackup.App.Output;

namespace MetisBackup.App.Commands;

/// <summary>Restores that ended early, with the way out.</summary>
internal static class UnfinishedRestoreLines
{
    /// <summary>Two lines each: what is so, and what to type.</summary>
    public static void Write(Screen screen, IReadOnlyList<UnfinishedRestore> restores)
    {
        foreach (var restore in restores)
        {
            screen.Labelled(
                "warning",
                Tone.Warning,
                HumanText.Printable($"a restore of {restore.Snapshot} into {restore.Database} on {restore.Endpoint} did not end: the database is between two states"));
            screen.Labelled("hint", Tone.Strong, HumanText.Printable($"metis-backup restore {restore.Snapshot} --into {restore.Database}" + Back(restore)));
        }
    }

    private static string Back(UnfinishedRestore restore) => restore.SafetySnapshot is { } safety
        ? $", or go back to the state before: metis-backup restore {safety} --into {restore.Database}"
        : "";
}
