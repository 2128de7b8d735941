using System.Diagnostics;

namespace MetisBackup.EndToEndTests.Running;

/// <summary>
/// Writes small programs. Another process does it: one that this process begins at the same moment would have the file open for writing
/// for a while, and then nobody may run it.
/// </summary>
internal static class ProgramFile
{
    /// <summary>Writes a script and returns its path.</summary>
    public static string Write(string path, string text)
    {
        using var install = Process.Start(new ProcessStartInfo("install", ["-m", "0700", "/dev/stdin", path]) { RedirectStandardInput = true, UseShellExecute = false })!;
        install.StandardInput.Write(text);
        install.StandardInput.Close();
        install.WaitForExit();
        Assert.Equal(0, install.ExitCode);
        return path;
    }
}
