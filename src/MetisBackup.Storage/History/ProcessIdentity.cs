using System.Globalization;

namespace MetisBackup.Storage.History;

/// <summary>
/// Tells one process of one boot from every other, a later one of the same number included: the id of the boot, the number, and the
/// time at which it started in clock ticks since the boot (proc(5): <c>boot_id</c>, and field 22 of <c>stat</c>).
/// </summary>
internal static class ProcessIdentity
{
    private const string BootFile = "/proc/sys/kernel/random/boot_id";

    /// <summary>Position of <c>starttime</c> behind the closing bracket of the program's name.</summary>
    private const int StartField = 19;

    /// <summary>This process.</summary>
    public static string Own { get; } = Of(Environment.ProcessId) ?? "unknown";

    /// <summary>Whether the process that once wrote down this identity still lives.</summary>
    public static bool IsAlive(string identity)
    {
        var parts = identity.Split(' ');
        return parts.Length == 3 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var id) && Of(id) == identity;
    }

    private static string? Of(int id)
    {
        try
        {
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"));
            var started = stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[StartField];
            return string.Create(CultureInfo.InvariantCulture, $"{File.ReadAllText(BootFile).Trim()} {id} {started}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
