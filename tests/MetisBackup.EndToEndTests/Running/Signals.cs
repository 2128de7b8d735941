using System.Diagnostics;
using System.Globalization;

namespace MetisBackup.EndToEndTests.Running;

/// <summary>Sends signals as a shell does.</summary>
internal static class Signals
{
    public static void Send(Process process, string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }
}
