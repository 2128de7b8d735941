using System.Text;
using MetisBackup.Core.Errors;

namespace MetisBackup.Storage.Processes;

/// <summary>Reads what a program writes, and never holds more of it than its bound.</summary>
internal static class OutputReader
{
    private const int BlockLength = 16 * 1024;
    private const int LongestLine = 1024 * 1024;

    /// <summary>Hands on each line until the end of the stream; a line longer than 1 Mi characters is an error.</summary>
    public static async Task ReadLinesAsync(StreamReader reader, Action<string> onLine, CancellationToken cancellationToken)
    {
        var block = new char[BlockLength];
        var rest = new StringBuilder();
        for (int read; (read = await reader.ReadAsync(block, cancellationToken)) > 0;)
        {
            var start = 0;
            for (int length; (length = block.AsSpan(start, read - start).IndexOf('\n')) >= 0; start += length + 1)
            {
                rest.Append(block, start, length);
                onLine(rest.ToString());
                rest.Clear();
            }

            rest.Append(block, start, read - start);
            if (rest.Length > LongestLine)
            {
                throw TooMuch($"a line of more than {LongestLine} characters");
            }
        }

        if (rest.Length > 0)
        {
            onLine(rest.ToString());
        }
    }

    /// <summary>Collects everything until the end of the stream; more than <paramref name="limit"/> characters are an error.</summary>
    public static async Task ReadTextAsync(StreamReader reader, StringBuilder text, int limit, CancellationToken cancellationToken)
    {
        var block = new char[BlockLength];
        for (int read; (read = await reader.ReadAsync(block, cancellationToken)) > 0;)
        {
            if (text.Length + read > limit)
            {
                throw TooMuch($"more than {limit} characters");
            }

            lock (text)
            {
                text.Append(block, 0, read);
            }
        }
    }

    /// <summary>Collects the first <paramref name="limit"/> characters and reads on to the end, so that the writer never waits.</summary>
    public static async Task ReadBeginningAsync(StreamReader reader, StringBuilder text, int limit, CancellationToken cancellationToken)
    {
        var block = new char[BlockLength];
        for (int read; (read = await reader.ReadAsync(block, cancellationToken)) > 0;)
        {
            lock (text)
            {
                text.Append(block, 0, Math.Min(read, limit - text.Length));
            }
        }
    }

    private static MetisException TooMuch(string what) => new(ErrorCode.ServerFailed, $"A program wrote {what}.", "this is not the output that was asked for: check that the right program is installed");
}
