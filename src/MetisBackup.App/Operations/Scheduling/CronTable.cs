using Cronos;

namespace MetisBackup.App.Operations.Scheduling;

/// <summary>A line of cron that runs this program.</summary>
/// <param name="File">Where it is written.</param>
/// <param name="Times">When, in five fields or one word.</param>
/// <param name="Command">The rest: the account, where there is one, and the command.</param>
internal sealed record CronLine(string File, string Times, string Command)
{
    private const string LeftToSystemd = "test -d /run/systemd/system ||";

    /// <summary>It takes snapshots.</summary>
    public bool Creates => Command.Contains(" create", StringComparison.Ordinal);

    /// <summary>It tells the alarms what did not happen.</summary>
    public bool TellsAlarms => Command.Contains(" status", StringComparison.Ordinal) && Command.Contains(" --alarm", StringComparison.Ordinal);

    /// <summary>It does nothing where systemd keeps the machine.</summary>
    public bool IsLeftToSystemd => Command.Contains(LeftToSystemd, StringComparison.Ordinal);

    /// <summary>The next time; null when cron's words for it are none that are known, as <c>@reboot</c>.</summary>
    public DateTimeOffset? Next(DateTimeOffset after, TimeZoneInfo zone)
    {
        try
        {
            return CronExpression.Parse(Times).GetNextOccurrence(after, zone);
        }
        catch (CronFormatException)
        {
            return null;
        }
    }
}

/// <summary>The tables of cron, as far as this account may read them.</summary>
internal static class CronTable
{
    private const string Program = "metis-backup";
    private const int Fields = 5;

    /// <summary>The lines that run this program.</summary>
    /// <param name="root">Prefix of every path: <c>/</c>.</param>
    public static IReadOnlyList<CronLine> Read(string root) => [.. Files(root).SelectMany(Lines)];

    private static IEnumerable<string> Files(string root)
    {
        var folders = ((string[])["etc/cron.d", "var/spool/cron/crontabs", "var/spool/cron"]).Select(folder => Path.Combine(root, folder)).Where(Directory.Exists);
        var options = new EnumerationOptions { IgnoreInaccessible = true };
        return folders.SelectMany(folder => Directory.EnumerateFiles(folder, "*", options).Order(StringComparer.Ordinal)).Prepend(Path.Combine(root, "etc/crontab")).Where(File.Exists);
    }

    private static IEnumerable<CronLine> Lines(string file)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }

        return lines.Select(static line => line.Trim()).Where(static line => !line.StartsWith('#') && line.Contains(Program, StringComparison.Ordinal)).Select(line => Split(file, line)).OfType<CronLine>();
    }

    private static CronLine? Split(string file, string line)
    {
        var count = line.StartsWith('@') ? 1 : Fields;
        var words = line.Split((char[]?)null, count + 1, StringSplitOptions.RemoveEmptyEntries);
        return words.Length <= count || words[0].Contains('=', StringComparison.Ordinal) ? null : new CronLine(file, string.Join(' ', words.Take(count)), words[count]);
    }
}
