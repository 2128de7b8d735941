using System.Globalization;

namespace MetisBackup.Storage.Zfs;

/// <summary>A process that uses something below a directory.</summary>
/// <param name="ProcessId">Its id.</param>
/// <param name="Program">Its name.</param>
/// <param name="Path">What it uses.</param>
public sealed record FileUser(int ProcessId, string Program, string Path)
{
    /// <summary>For messages.</summary>
    public override string ToString() => $"process {ProcessId} ({Program}) uses {Path}";
}

/// <summary>Finds out who uses files: open ones, mapped ones, working and root directories, from <c>/proc</c>.</summary>
public static class OpenFiles
{
    private static readonly TimeSpan Dying = TimeSpan.FromSeconds(10);

    /// <summary>One entry per process that uses something below the directory. Processes that may not be looked into are left out: only root sees all.</summary>
    public static IReadOnlyList<FileUser> Below(string directory)
    {
        var users = new List<FileUser>();
        foreach (var process in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(process), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id != Environment.ProcessId && UsedBy(process, directory) is { } path)
            {
                users.Add(new FileUser(id, NameOf(process), path));
            }
        }

        return users;
    }

    /// <summary>Kills the processes that use something below the directory, and waits for their end.</summary>
    public static void EndUsers(string directory)
    {
        foreach (var user in Below(directory))
        {
            try
            {
                using var process = System.Diagnostics.Process.GetProcessById(user.ProcessId);
                process.Kill(entireProcessTree: true);
                process.WaitForExit(Dying);
            }
            catch (Exception error) when (error is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
            {
                // it ended meanwhile, or is not ours to end: then the file system stays busy, which is reported
            }
        }
    }

    private static string? UsedBy(string process, string directory)
    {
        try
        {
            foreach (var link in (string[])["cwd", "root", "exe"])
            {
                if (Target(Path.Combine(process, link)) is { } target && MountTable.Covers(directory, target))
                {
                    return target;
                }
            }

            return Directory.EnumerateFileSystemEntries(Path.Combine(process, "fd")).Select(Target).FirstOrDefault(target => target is not null && MountTable.Covers(directory, target))
                ?? File.ReadLines(Path.Combine(process, "maps")).Select(Mapped).FirstOrDefault(target => target is not null && MountTable.Covers(directory, target));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // it ended meanwhile, or belongs to somebody else
            return null;
        }
    }

    private static string? Target(string link)
    {
        try
        {
            return File.ResolveLinkTarget(link, returnFinalTarget: false)?.FullName;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string? Mapped(string line) => line.IndexOf('/', StringComparison.Ordinal) is var at and >= 0 ? line[at..] : null;

    private static string NameOf(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "comm")).TrimEnd('\n');
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "?";
        }
    }
}
