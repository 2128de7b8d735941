using System.Globalization;
using System.Text.Json;

namespace MetisBackup.IntegrationTests.Conformance;

/// <summary>One example that was run against a real server: a script of its shell and the answers it logged.</summary>
internal sealed record Recording(string Version, string Name, string Script, IReadOnlyList<RecordedAnswer> Answers)
{
    /// <summary>Reads the recordings of a server version; empty where they are not on this machine.</summary>
    public static IReadOnlyList<Recording> Load(string version)
    {
        var path = Path.Combine(ConformanceFiles.Data, "recorded-http", version + ".jsonl");
        return File.Exists(path) ? [.. File.ReadLines(path).Select(line => Parse(version, line))] : [];
    }

    private static Recording Parse(string version, string line)
    {
        using var document = JsonDocument.Parse(line);
        var example = document.RootElement;
        return new Recording(
            version,
            example.GetProperty("name").GetString()!,
            example.GetProperty("script").GetString()!,
            RecordedAnswer.ParseAll(example.GetProperty("responses").GetString()!));
    }
}

/// <summary>One answer: status, headers by their lower-case names, body.</summary>
internal sealed record RecordedAnswer(int Status, IReadOnlyDictionary<string, string> Headers, string Body)
{
    private const string StatusLine = "HTTP/1.1 ";

    /// <summary>Reads answers that follow each other as a server sent them.</summary>
    public static IReadOnlyList<RecordedAnswer> ParseAll(string text)
    {
        var answers = new List<RecordedAnswer>();
        var part = new List<string>();
        foreach (var line in text.Split('\n'))
        {
            if (line.StartsWith(StatusLine, StringComparison.Ordinal) && part.Count > 0)
            {
                answers.Add(Parse(part));
                part.Clear();
            }

            part.Add(line);
        }

        answers.Add(Parse(part));
        return answers;
    }

    private static RecordedAnswer Parse(List<string> lines)
    {
        var blank = lines.FindIndex(1, string.IsNullOrEmpty);
        blank = blank < 0 ? lines.Count : blank;
        var headers = lines.Take(1..blank)
            .Select(static line => line.Split(": ", 2))
            .GroupBy(static pair => pair[0].ToLowerInvariant(), StringComparer.Ordinal)
            .ToDictionary(static group => group.Key, static group => group.First() is [_, var value] ? value : "", StringComparer.Ordinal);
        var status = int.Parse(lines[0].AsSpan(StatusLine.Length, 3), CultureInfo.InvariantCulture);
        return new RecordedAnswer(status, headers, string.Join('\n', lines.Skip(blank + 1)));
    }
}
