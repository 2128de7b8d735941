using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MetisBackup.Arango.Client;
using MetisBackup.Arango.Protocol;
using MetisBackup.Core.Errors;

namespace MetisBackup.Arango.Dump;

/// <summary>
/// One point in time of a database, held open on the server (arangodb-protocol 5). Kept alive from a timer that does not depend on
/// transfers; always given back, also after an error or an interruption.
/// </summary>
public sealed class ReplicationBatch : IAsyncDisposable
{
    private const int LifeSeconds = 600;
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);
    private static readonly byte[] LifeBody = Encoding.ASCII.GetBytes($"{{\"ttl\":{LifeSeconds}}}");
    private readonly string _identity;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _keepAlive;
    private volatile bool _lost;

    private ReplicationBatch(ArangoClient client, string database, string id, string identity)
    {
        (Client, Database, Id, _identity) = (client, database, id, identity);
        _keepAlive = KeepAliveAsync(_stop.Token);
    }

    /// <summary>The client it was opened with.</summary>
    public ArangoClient Client { get; }

    /// <summary>The database it is used in.</summary>
    public string Database { get; }

    /// <summary>Id for the <c>batchId</c> parameter, percent-encoded.</summary>
    public string Id { get; }

    /// <summary>Opens a batch. The point in time is the moment of this call.</summary>
    /// <exception cref="MetisException">10 no such database, 12 rights, 16 server.</exception>
    public static async Task<ReplicationBatch> OpenAsync(ArangoClient client, string database, CancellationToken cancellationToken)
    {
        var identity = $"serverId={RandomId()}&syncerId={RandomId()}&clientInfo=metis-backup";
        var request = ArangoRequest.WithJson(HttpMethod.Post, database, $"/_api/replication/batch?{identity}", LifeBody);
        using var response = await client.SendAsync(request, cancellationToken);
        var answer = await response.EnsureSuccess().ReadJsonAsync(ProtocolJson.Default.BatchAnswer, cancellationToken);
        return answer.Id is { Length: > 0 } id
            ? new ReplicationBatch(client, database, Uri.EscapeDataString(id), identity)
            : throw response.Malformed("it names no batch");
    }

    /// <summary>
    /// Asks the server whether the batch still exists and prolongs it. Reads of a lost batch may silently have seen a later state
    /// (arangodb-protocol 10.8), so a run is only sound when this succeeds after its last read.
    /// </summary>
    /// <exception cref="MetisException">16 when it is lost.</exception>
    public async Task ConfirmAliveAsync(CancellationToken cancellationToken)
    {
        if (_lost || !await ProlongAsync(cancellationToken))
        {
            throw Lost();
        }
    }

    /// <summary>The error for a batch that the server no longer knows.</summary>
    public MetisException Lost() => new(
        ErrorCode.ServerFailed,
        $"The server at {Client.Endpoint} lost the read batch of database {Database}, so one point in time can no longer be read.",
        "it was restarted, a collection was dropped meanwhile, or the batch expired; run the same command again");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _keepAlive;
        _stop.Dispose();
        using var patience = new CancellationTokenSource(Farewell, Client.Clock);
        try
        {
            using var response = await Client.SendAsync(
                new ArangoRequest { Method = HttpMethod.Delete, Database = Database, Path = Address() }, patience.Token);
        }
        catch (Exception error) when (error is MetisException or OperationCanceledException)
        {
            // The server forgets the batch by itself when its time is over; the result of the run does not depend on it.
            _lost = true;
        }
    }

    private async Task KeepAliveAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(LifeSeconds / 3.0), Client.Clock);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                _lost |= !await TryProlongAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The batch is being given back.
            return;
        }
    }

    /// <summary>False only when the server says that it is gone; a broken connection is no proof and the next tick asks again.</summary>
    private async Task<bool> TryProlongAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await ProlongAsync(cancellationToken);
        }
        catch (MetisException)
        {
            return true;
        }
    }

    private async Task<bool> ProlongAsync(CancellationToken cancellationToken)
    {
        var request = ArangoRequest.WithJson(HttpMethod.Put, Database, Address(), LifeBody) with { Repeatable = true };
        using var response = await Client.SendAsync(request, cancellationToken);
        if (response.Status == 404)
        {
            return false;
        }

        response.EnsureSuccess();
        return true;
    }

    private string Address() => $"/_api/replication/batch/{Id}?{_identity}";

    private static string RandomId() =>
        (BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)) >> 1).ToString(CultureInfo.InvariantCulture);
}
