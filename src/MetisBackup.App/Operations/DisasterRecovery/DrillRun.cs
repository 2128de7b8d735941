using System.Globalization;
using System.Net;
using System.Net.Sockets;
using MetisBackup.App.Operations.Capturing;
using MetisBackup.Arango.Client;
using MetisBackup.Core.Errors;
using MetisBackup.Storage.Processes;

namespace MetisBackup.App.Operations.DisasterRecovery;

/// <summary>What a server on a clone showed.</summary>
/// <param name="Problem">Why it could not be counted; null when it was.</param>
/// <param name="TimeToReady">From the clone to the first answer, or to giving up.</param>
/// <param name="Counts">What it holds.</param>
internal sealed record DrillFinding(string? Problem, TimeSpan TimeToReady, IReadOnlyDictionary<string, DatabaseCount> Counts);

/// <summary>Starts a server on a clone at a free port of the loopback, waits for it, counts, stops it.</summary>
/// <param name="tools">The tools.</param>
/// <param name="request">The command and its patience.</param>
/// <param name="stage">The clone.</param>
internal sealed class DrillRun(DrTools tools, DrillSnapshotRequest request, DrillStage stage)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(30);
    private static readonly Dictionary<string, DatabaseCount> Nothing = new(StringComparer.Ordinal);
    private readonly DrTools _tools = tools;
    private readonly DrillSnapshotRequest _request = request;
    private readonly DrillStage _stage = stage;

    /// <summary>Runs the server.</summary>
    /// <exception cref="MetisException">12: it came up, but does not let the account in. 16: it cannot be started.</exception>
    public async Task<DrillFinding> RunAsync(CancellationToken cancellationToken)
    {
        var address = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{FreePort()}");
        var data = Path.Combine(_stage.Folder, _request.DataFolder.TrimStart('/'));
        var arguments = _request.Command.Skip(1).Select(one => one
            .Replace("{data}", data, StringComparison.Ordinal)
            .Replace("{endpoint}", "http://" + address, StringComparison.Ordinal)
            .Replace("{address}", address, StringComparison.Ordinal));
        await using var server = _tools.Processes.Start(new ProcessRequest
        {
            Program = _request.Command[0],
            Arguments = [.. arguments],
            IfMissing = "name the server's program and its arguments with --drill-command",
        });
        using var client = ServerClients.Open(new ServerSettings("http://" + address, _request.Server.User, _request.Server.Password), _tools.Clock);
        var finding = await CountAsync(client, server, cancellationToken);
        await server.StopAsync(StopPatience, cancellationToken);
        return finding;
    }

    private async Task<DrillFinding> CountAsync(ArangoClient client, RunningProgram server, CancellationToken cancellationToken)
    {
        var census = new ServerCensus(client);
        using var patience = new CancellationTokenSource(_request.Patience, _tools.Clock);
        while (true)
        {
            try
            {
                await census.ReadVersionAsync(cancellationToken);
                var ready = Elapsed();
                return new DrillFinding(Problem: null, ready, await census.CountAsync(cancellationToken));
            }
            catch (MetisException failure) when (failure.Code == ErrorCode.Denied)
            {
                // it says nothing about the snapshot
                throw new MetisException(
                    ErrorCode.Denied, $"The server on the clone came up, but cannot be counted: {failure.Message}", "name an account that it lets in, with --user and --password-file; no verdict was recorded", failure);
            }
            catch (MetisException) when (server.ExitCode is { } code)
            {
                return new DrillFinding($"The server on the clone ended with {code}{(server.LastLines.Count == 0 ? " and said nothing." : ": " + string.Join("; ", server.LastLines.TakeLast(3)))}", Elapsed(), Nothing);
            }
            catch (MetisException failure) when (patience.IsCancellationRequested)
            {
                return new DrillFinding($"The server on the clone did not answer within {_request.Patience.TotalSeconds:0} seconds: {failure.Message}", Elapsed(), Nothing);
            }
            catch (MetisException)
            {
                await Task.Delay(Pause, _tools.Clock, cancellationToken);
            }
        }
    }

    private TimeSpan Elapsed() => _tools.Clock.GetElapsedTime(_stage.Started);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
