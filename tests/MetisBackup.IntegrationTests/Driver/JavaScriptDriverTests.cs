using System.ComponentModel;
using System.Diagnostics;

namespace MetisBackup.IntegrationTests.Driver;

/// <summary>The official JavaScript driver, an independent client, works against the embedded server.</summary>
public sealed class JavaScriptDriverTests(DevServerFixture server) : IClassFixture<DevServerFixture>
{
    private static readonly string[] Files = ["package.json", "package-lock.json", "driver.mjs"];

    [Fact]
    public async Task Every_scenario_of_the_driver_succeeds()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var version = await RunAsync("node", ["--version"], AppContext.BaseDirectory, cancellationToken);
        Assert.SkipUnless(version is { ExitCode: 0 }, "node is not installed");
        var folder = Directory.CreateTempSubdirectory("metis-driver-").FullName;
        try
        {
            foreach (var file in Files)
            {
                File.Copy(Path.Combine(AppContext.BaseDirectory, "Driver", file), Path.Combine(folder, file));
            }

            var install = await RunAsync("npm", ["ci", "--no-audit", "--no-fund"], folder, cancellationToken);
            Assert.SkipUnless(install is { ExitCode: 0 }, $"npm cannot install the driver: {install?.Output ?? "npm is not installed"}");

            var run = await RunAsync("node", ["driver.mjs", server.Endpoint.ToString()], folder, cancellationToken);

            Assert.NotNull(run);
            Assert.True(run.ExitCode == 0, run.Output);
            Assert.Contains("ok databases are dropped", run.Output, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Runs a program to its end; null where there is none of this name.</summary>
    private static async Task<Finished?> RunAsync(
        string program, string[] arguments, string folder, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return new Finished(process.ExitCode, await output + await errors);
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    private sealed record Finished(int ExitCode, string Output);
}
