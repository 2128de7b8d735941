namespace MetisBackup.Storage.Processes;

/// <summary>How a program ended.</summary>
/// <param name="ExitCode">Its exit code; 128 + n when signal n killed it.</param>
/// <param name="Out">Standard output.</param>
/// <param name="Error">Standard error; only its first 64 Ki characters when there are more.</param>
public sealed record ProcessResult(int ExitCode, string Out, string Error)
{
    /// <summary>Whether the exit code is 0.</summary>
    public bool Succeeded => ExitCode == 0;

    /// <summary>The lines of standard output without their ends.</summary>
    public IEnumerable<string> Lines => LinesOf(Out);

    /// <summary>What the program complained about, on one line, for messages; the exit code when it said nothing.</summary>
    public string Complaint => LinesOf(Error).Select(static line => line.Trim()).Where(static line => line.Length > 0).Take(3).ToList() is { Count: > 0 } lines
        ? string.Join("; ", lines)
        : $"exit code {ExitCode}";

    private static IEnumerable<string> LinesOf(string text)
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
