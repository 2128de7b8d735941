using System.Globalization;
using MetisBackup.EndToEndTests.Running;

namespace MetisBackup.EndToEndTests.Dr;

/// <summary>A <c>zfs</c> that kills whoever called it right after a command that changed something.</summary>
internal static class ZfsKiller
{
    /// <summary>Makes one.</summary>
    /// <param name="scene">Where it lies.</param>
    /// <param name="command">Which of the commands that change something is the last one, counted from 1.</param>
    /// <returns>The value for <c>--zfs</c>.</returns>
    public static string Make(DrScene scene, int command)
    {
        var folder = Directory.CreateDirectory(Path.Combine(scene.Folder, "killer" + command.ToString(CultureInfo.InvariantCulture))).FullName;
        var zfs = ZfsPool.Find("zfs");
        ProgramFile.Write(Path.Combine(folder, "zpool"), $"#!/bin/sh\nexec {ZfsPool.Find("zpool")} \"$@\"\n");
        return ProgramFile.Write(Path.Combine(folder, "zfs"), $$"""
            #!/bin/sh
            case "$1" in
            list|get|holds|allow) exec {{zfs}} "$@" ;;
            destroy) [ "$2" != -n ] || exec {{zfs}} "$@" ;;
            esac
            echo "$1" >>'{{folder}}/done'
            {{zfs}} "$@"; result=$?
            [ "$(wc -l <'{{folder}}/done')" -ne {{command}} ] || kill -9 $PPID
            exit $result
            """);
    }
}
