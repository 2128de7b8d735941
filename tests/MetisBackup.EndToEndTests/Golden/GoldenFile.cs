using System.Text.RegularExpressions;
using MetisBackup.EndToEndTests.Running;

namespace MetisBackup.EndToEndTests.Golden;

/// <summary>Compares a text with a file beside this class; <c>UPDATE_GOLDEN=1</c> writes the file anew instead.</summary>
internal static partial class GoldenFile
{
    public static void Matches(string name, string text)
    {
        var path = Path.Combine(Repository.Root, "tests", "MetisBackup.EndToEndTests", "Golden", name);
        var stable = Stable(text);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(path, stable);
        }

        Assert.True(File.Exists(path), $"{path} is missing; run the tests with UPDATE_GOLDEN=1 and look at what it holds.");
        Assert.Equal(File.ReadAllText(path), stable, ignoreLineEndingDifferences: true);
    }

    /// <summary>Replaces what differs from run to run by its name.</summary>
    private static string Stable(string text)
    {
        text = SnapshotName().Replace(text, "metis_<TIME>");
        text = Time().Replace(text, "<TIME>");
        text = Folder().Replace(text, "<FOLDER>");
        text = Address().Replace(text, "http://127.0.0.1:<PORT>");
        text = Regex.Replace(text, $@"\b{Regex.Escape(Environment.MachineName.ToLowerInvariant())}:\d+", "<MACHINE>:<PORT>");
        text = Hash().Replace(text, "<HASH>");
        text = Measure().Replace(text, "$1<NUMBER>");
        text = Size().Replace(text, " <SIZE>");
        return text;
    }

    [GeneratedRegex(@"metis_\d{8}_\d{6}")]
    private static partial Regex SnapshotName();

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(\+00:00|Z)", RegexOptions.ExplicitCapture)]
    private static partial Regex Time();

    [GeneratedRegex(@"/tmp/metis-e2e-\w+")]
    private static partial Regex Folder();

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Address();

    [GeneratedRegex(@"\b[0-9a-f]{16}\b")]
    private static partial Regex Hash();

    [GeneratedRegex("""("(?:duration_seconds|stored_bytes|new_bytes|own_bytes|freed_bytes|bytes|document_bytes)": )[^,\n]+""")]
    private static partial Regex Measure();

    [GeneratedRegex(@" +\d+(\.\d+)? [kM]?B\b", RegexOptions.ExplicitCapture)]
    private static partial Regex Size();
}
