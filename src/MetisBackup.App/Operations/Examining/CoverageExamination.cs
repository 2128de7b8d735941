using MetisBackup.App.Operations.Capturing;
using MetisBackup.App.Operations.DisasterRecovery;
using MetisBackup.Arango.Client;
using MetisBackup.Core.Errors;
using MetisBackup.Storage.Zfs;

namespace MetisBackup.App.Operations.Examining;

/// <summary>Whether the data set holds all of the server's data.</summary>
/// <param name="settings">Where the data set is.</param>
/// <param name="coverage">Where the server's data lies.</param>
/// <param name="server">The server; its password is read when it is asked for.</param>
/// <param name="clock">The time.</param>
internal sealed class CoverageExamination(DrSettings settings, CoverageRequest coverage, Func<ServerSettings> server, TimeProvider clock) : IExamination
{
    private readonly DrSettings _settings = settings;
    private readonly CoverageRequest _coverage = coverage;
    private readonly Func<ServerSettings> _server = server;
    private readonly TimeProvider _clock = clock;

    /// <inheritdoc/>
    public string Area => ExaminedArea.Dataset;

    /// <inheritdoc/>
    public string Subject => $"What {_settings.Dataset} covers";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> RunAsync(bool fix, CancellationToken cancellationToken)
    {
        var tree = await new DrTools(_settings, _clock).Reader.ListTreeAsync(_settings.Dataset, cancellationToken);
        var told = await AskAsync(cancellationToken);
        try
        {
            return [.. DataCoverage.Require(_coverage, told, tree, MountTable.Read()).Select(static text => new Finding(FindingSeverity.Note, text, "metis-backup dr create --data-path PATH, or dr.data_paths in the configuration"))];
        }
        catch (MetisException gap) when (gap.Code == ErrorCode.CoverageGap)
        {
            return [new Finding(FindingSeverity.Problem, gap.Message, gap.Hint)];
        }
    }

    /// <summary>Null when the server does not tell: its configuration may, and whether it answers is examined elsewhere.</summary>
    private async Task<ServerPaths?> AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var client = ServerClients.Open(_server(), _clock);
            return await ServerPaths.ReadAsync(client, cancellationToken);
        }
        catch (MetisException)
        {
            return null;
        }
    }
}
