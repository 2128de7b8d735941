using MetisBackup.App.Operations;
using MetisBackup.App.Output;
using MetisBackup.Core.Naming;

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
                HumanText.Printable($"a restore of {Scope(restore)}{restore.Snapshot} into {restore.Database} on {restore.Endpoint} did not end: the database is between two states"));
            screen.Labelled("hint", Tone.Strong, HumanText.Printable($"metis-backup restore {restore.Snapshot} --into {ShellWord.Of(restore.Database)}{Only(restore)}" + Back(restore)));
        }
    }

    /// <summary>Files that no longer say which database they are about.</summary>
    public static void Write(Screen screen, IReadOnlyList<string> damagedJournals)
    {
        foreach (var path in damagedJournals)
        {
            screen.Labelled("warning", Tone.Warning, HumanText.Printable($"{path} tells of a restore that did not end, but it is damaged: a database may be between two states"));
            screen.Labelled("hint", Tone.Strong, "restore that database as a whole once more, or make sure that it is as you want it; then remove the file");
        }
    }

    private static string Scope(UnfinishedRestore restore) =>
        restore.Collections.Count == 0 ? "" : $"{(restore.Collections.Count == 1 ? "collection" : "collections")} {string.Join(", ", restore.Collections)} of ";

    private static string Only(UnfinishedRestore restore) => string.Concat(restore.Collections.Select(static name => $" --collection {ShellWord.Of(name)}"));

    private static string Back(UnfinishedRestore restore) => restore.SafetySnapshot is { } safety
        ? $", or go back to the state before: metis-backup restore {safety} --into {ShellWord.Of(restore.Database)}"
            + (restore.InterimSnapshots is [.., var interim] ? $"; what lay there when it was last taken up again is kept as {interim}" : "")
        : "";
}
