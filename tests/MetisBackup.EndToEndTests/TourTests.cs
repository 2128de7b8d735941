using System.Diagnostics;
using MetisBackup.EndToEndTests.Running;

namespace MetisBackup.EndToEndTests;

public sealed class TourTests
{
    [Fact]
    public async Task The_tour_proves_its_restore_within_fifteen_seconds()
    {
        var watch = Stopwatch.StartNew();

        var result = (await Metis.RunAsync("quickstart")).Succeeded();

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(15), $"{watch.Elapsed}");
        Assert.Contains("Everything is as it was, to the last revision.", result.Out, StringComparison.Ordinal);
        Assert.Contains("$ metis-backup create", result.Out, StringComparison.Ordinal);
        Assert.Contains("$ metis-backup diff latest\n", result.Out, StringComparison.Ordinal);
        Assert.Contains("- view airport_search", result.Out, StringComparison.Ordinal);
        Assert.Contains("$ metis-backup restore", result.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("DIFFERENT", result.Out, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', result.Out);
    }

    [Fact]
    public async Task The_document_of_the_tour_shows_that_the_experiment_did_something_and_that_nothing_of_it_stays()
    {
        var document = (await Metis.RunAsync("quickstart", "--json")).Succeeded().Json;

        Assert.True(document.GetProperty("proven").GetBoolean());
        var facts = document.GetProperty("facts").EnumerateArray().ToDictionary(fact => fact.GetProperty("thing").GetString()!);
        foreach (var thing in new[] { "collection flights", "collection airports", "index flights/by_date", "view airport_search", "graph travel", "function travel::late" })
        {
            Assert.NotEqual(facts[thing].GetProperty("before").ToString(), facts[thing].GetProperty("experiment").ToString());
            Assert.Equal(facts[thing].GetProperty("before").ToString(), facts[thing].GetProperty("restored").ToString());
        }

        Assert.StartsWith("20000 ", facts["collection flights"].GetProperty("before").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("3376 ", facts["collection located_in"].GetProperty("before").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_server_stays_when_it_is_kept_until_a_signal_comes()
    {
        using var process = Metis.Start(["quickstart", "--keep"]);
        var endpoint = "";
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line && !line.StartsWith("Ctrl-C", StringComparison.Ordinal))
        {
            endpoint = line.Trim().StartsWith("curl http://", StringComparison.Ordinal) && endpoint.Length == 0 ? line.Trim()["curl ".Length..line.Trim().IndexOf("/_api", StringComparison.Ordinal)] : endpoint;
        }

        using (var http = new ServerHttp(endpoint))
        {
            Assert.Equal(20_000, (int)(await http.SendAsync(HttpMethod.Get, "/_db/travel/_api/collection/flights/count"))!["count"]!);
        }

        Signals.Send(process, "INT");
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
    }
}
