using System.Globalization;
using MetisBackup.EndToEndTests.Running;

namespace MetisBackup.EndToEndTests.Dr;

/// <summary>Kills the tool right after it wrote, or removed, the journal of a rollback: a library loaded before all others sees the renaming and the removal.</summary>
internal static class JournalKiller
{
    /// <summary>Exit code of a run that was killed.</summary>
    public const int Killed = 137;

    /// <summary>Compiles the library; skips the test where there is no C compiler.</summary>
    public static string Make(DrScene scene)
    {
        var compiler = ZfsPool.Find("gcc") ?? ZfsPool.Find("clang");
        Assert.SkipWhen(compiler is null, "needs gcc or clang for the library that kills the tool after a journal step");
        var library = Path.Combine(scene.Folder, "journal-killer.so");
        ZfsPool.Run(compiler!, "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", library, Path.Combine(Repository.Root, "tests", "MetisBackup.EndToEndTests", "Dr", "journal-killer.c"), "-ldl");
        return library;
    }

    /// <summary>Runs a command of the group that is killed after its <paramref name="change"/>-th change of the journal, counted from 1; it may end before.</summary>
    public static Task<RunResult> RunAsync(DrScene scene, string library, int change, string command, params string[] arguments) => Metis.RunAsync(
        ["dr", command, .. arguments, .. scene.Service, .. scene.Place],
        new Dictionary<string, string?>(StringComparer.Ordinal) { ["LD_PRELOAD"] = library, ["METIS_TEST_KILL_AFTER"] = change.ToString(CultureInfo.InvariantCulture) });
}
