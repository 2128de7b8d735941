using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace MetisBackup.IntegrationTests.Conformance;

/// <summary>Runs every recorded example in scope once against one embedded server and keeps the answers.</summary>
public sealed class ReplayFixture : IAsyncLifetime
{
    private readonly Dictionary<string, ReplayedExample> _examples = new(StringComparer.Ordinal);

    /// <summary>Why nothing could be replayed; null when it was.</summary>
    public string? Missing { get; private set; }

    internal ReplayedExample this[string version, string name] => _examples[$"{version} {name}"];

    public async ValueTask InitializeAsync()
    {
        var recordings = RecordedAnswersTests.Recordings.Where(static r => OutOfScope.Reason(r) is null).ToList();
        if (recordings.Count == 0)
        {
            Missing = $"needs recorded-http of the shared test data in {ConformanceFiles.Data} (set METIS_TEST_DATA)";
            return;
        }

        await using var fixture = await DevServerFixture.StartAsync();
        using var node = StartNode(fixture.Endpoint);
        if (node is null)
        {
            Missing = "needs node (Node.js 20 or newer) to run the recorded scripts";
            return;
        }

        var cancellationToken = TestContext.Current.CancellationToken;
        foreach (var recording in recordings)
        {
            await node.StandardInput.WriteLineAsync(Input(recording));
            await node.StandardInput.FlushAsync(cancellationToken);
            var line = await node.StandardOutput.ReadLineAsync(cancellationToken)
                ?? throw new InvalidOperationException("The script runner ended: " + await node.StandardError.ReadToEndAsync(cancellationToken));
            _examples.Add($"{recording.Version} {recording.Name}", ReplayedExample.Parse(line));
        }

        node.StandardInput.Close();
        await node.WaitForExitAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static Process? StartNode(Uri endpoint)
    {
        var start = new ProcessStartInfo("node", [ConformanceFiles.Runner, endpoint.ToString()])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            return Process.Start(start);
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    private static string Input(Recording recording)
    {
        using var line = new MemoryStream();
        using (var writer = new Utf8JsonWriter(line))
        {
            writer.WriteStartObject();
            writer.WriteString("name", recording.Name);
            writer.WriteString("script", recording.Script);
            writer.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(line.GetBuffer(), 0, (int)line.Length);
    }
}

/// <summary>What an example did here.</summary>
/// <param name="Failure">The error that ended the script; null for none.</param>
/// <param name="Answers">The answers that it logged.</param>
internal sealed record ReplayedExample(string? Failure, IReadOnlyList<RecordedAnswer> Answers)
{
    public static ReplayedExample Parse(string line)
    {
        using var document = JsonDocument.Parse(line);
        var answers = document.RootElement.GetProperty("responses").EnumerateArray().Select(static response => new RecordedAnswer(
            response.GetProperty("status").GetInt32(),
            response.GetProperty("headers").EnumerateObject().ToDictionary(static h => h.Name, static h => h.Value.ToString(), StringComparer.Ordinal),
            response.GetProperty("body").GetString()!));
        return new ReplayedExample(
            document.RootElement.TryGetProperty("failure", out var failure) ? failure.GetString() : null, [.. answers]);
    }
}
