using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;

namespace MetisBackup.Storage.Zfs;

/// <summary>The form that all commands share with <c>-H</c>: a line per thing, its columns between tabs.</summary>
internal static class ZfsTable
{
    /// <summary>The cells of each line.</summary>
    /// <param name="command">What was run, for the message.</param>
    /// <param name="text">Standard output.</param>
    /// <param name="columns">How many columns were asked for.</param>
    /// <exception cref="MetisException">16: a line has another number of columns. A listing that cannot be read is no empty list.</exception>
    public static IEnumerable<string[]> Rows(string command, string text, int columns)
    {
        foreach (var line in Lines(text))
        {
            var cells = line.Split('\t');
            yield return cells.Length == columns ? cells : throw Unreadable(command, line);
        }
    }

    /// <summary>A whole number that ZFS printed.</summary>
    /// <exception cref="MetisException">16: it is none.</exception>
    public static ulong Number(string command, string cell) =>
        ulong.TryParse(cell, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : throw Unreadable(command, cell);

    /// <summary>The error for output that has not the expected form.</summary>
    public static MetisException Unreadable(string command, string text) => new(
        ErrorCode.ServerFailed, $"The answer of '{command}' cannot be understood: {QuotedName.Of(text)}.", "check that --zfs names the zfs command of the installed ZFS");

    /// <summary>Lines without their ends; the last line needs none.</summary>
    public static IEnumerable<string> Lines(string text)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = text.IndexOf('\n', start);
            end = end < 0 ? text.Length : end;
            yield return text[start..end];
            start = end + 1;
        }
    }
}
