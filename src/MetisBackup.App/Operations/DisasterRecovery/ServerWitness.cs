using MetisBackup.App.Operations.Capturing;
using MetisBackup.Arango.Client;
using MetisBackup.Core.Errors;

namespace MetisBackup.App.Operations.DisasterRecovery;

/// <summary>
/// The server beside a snapshot of its data: flushed before, counted before and after. A server that cannot be reached, or does not let
/// us, is a warning; the snapshot is taken all the same.
/// </summary>
internal sealed class ServerWitness(ServerSettings server, TimeProvider clock, ICollection<string> warnings) : IDisposable
{
    private readonly ArangoClient _client = ServerClients.Open(server, clock);
    private readonly ICollection<string> _warnings = warnings;
    private string? _version;
    private IReadOnlyDictionary<string, DatabaseCount>? _before;

    /// <summary>Whether everything acknowledged before is durable.</summary>
    public bool Flushed { get; private set; }

    /// <summary>What the server says about its paths; null when it does not.</summary>
    public ServerPaths? Paths { get; private set; }

    /// <summary>Looks at the server.</summary>
    public async Task MeetAsync(CancellationToken cancellationToken)
    {
        try
        {
            _version = await new ServerCensus(_client).ReadVersionAsync(cancellationToken);
            Paths = await ServerPaths.ReadAsync(_client, cancellationToken);
        }
        catch (MetisException failure)
        {
            _warnings.Add($"The server was not asked to flush its log: {failure.Message} The snapshot is as after a power cut.");
        }
    }

    /// <summary>Counts and flushes, the flush as late as possible.</summary>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (_version is null)
        {
            return;
        }

        _before = await CountAsync(cancellationToken);
        try
        {
            await new WriteAheadLog(_client).FlushAsync(cancellationToken);
            Flushed = true;
        }
        catch (MetisException failure)
        {
            _warnings.Add($"The server did not flush its log: {failure.Message} The snapshot is as after a power cut.");
        }
    }

    /// <summary>Counts again; null when the content at the moment of the snapshot is not known.</summary>
    public async Task<RecordedContent?> ConcludeAsync(CancellationToken cancellationToken) =>
        _before is { } before && await CountAsync(cancellationToken) is { } after ? RecordedContent.Of(_version!, before, after) : null;

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task<IReadOnlyDictionary<string, DatabaseCount>?> CountAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await new ServerCensus(_client).CountAsync(cancellationToken);
        }
        catch (MetisException failure)
        {
            _warnings.Add($"The content of the server was not recorded: {failure.Message}");
            return null;
        }
    }
}
