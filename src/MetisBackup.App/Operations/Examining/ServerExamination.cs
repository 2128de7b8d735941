using System.Globalization;
using MetisBackup.App.Operations.Capturing;
using MetisBackup.Arango.Client;
using MetisBackup.Arango.Dump;
using MetisBackup.Core.Errors;

namespace MetisBackup.App.Operations.Examining;

/// <summary>Whether the server answers, is new enough, lets the account do what it must, and knows the time.</summary>
/// <param name="server">The server; its password is read when it is asked for.</param>
/// <param name="database">The database.</param>
/// <param name="clock">The time.</param>
internal sealed class ServerExamination(Func<ServerSettings> server, string database, TimeProvider clock) : IExamination
{
    private static readonly Version FirstWithRevisionTrees = new(3, 8);
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);
    private readonly Func<ServerSettings> _server = server;
    private readonly string _database = database;
    private readonly TimeProvider _clock = clock;

    /// <inheritdoc/>
    public string Area => ExaminedArea.Server;

    /// <inheritdoc/>
    public string Subject => _database;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> RunAsync(bool fix, CancellationToken cancellationToken)
    {
        var settings = _server();
        using var client = ServerClients.Open(settings, _clock);
        var inquiry = new ServerInquiry(client, _database);
        var description = await new ServerInquiry(client, database: null).DescribeAsync(cancellationToken);
        return await ExaminedParts.LookAsync(
            () => Task.FromResult(Version(settings, description)),
            () => ClockAsync(inquiry, settings, cancellationToken),
            async () =>
            {
                var found = (await RightsAsync(inquiry, settings, _database, cancellationToken)).ToList();
                return found.Exists(static one => one.Severity == FindingSeverity.Problem) ? found : [.. found, .. await ReadingAsync(client, _database, cancellationToken)];
            });
    }

    private static IEnumerable<Finding> Version(ServerSettings settings, ServerDescription description)
    {
        if (!System.Version.TryParse(description.Version.Split('-')[0], out var version) || version < FirstWithRevisionTrees)
        {
            yield return new Finding(
                FindingSeverity.Warning, $"The server at {settings.Endpoint} is version {description.Version}, which keeps no revision trees: snapshots are compared by number of documents only.", "upgrade it to 3.11 or later");
        }
    }

    private async Task<IEnumerable<Finding>> ClockAsync(ServerInquiry inquiry, ServerSettings settings, CancellationToken cancellationToken)
    {
        if (await inquiry.ReadClockAsync(cancellationToken) is not { } told)
        {
            return [];
        }

        var ahead = DateTimeOffset.FromUnixTimeMilliseconds(told) - _clock.GetUtcNow();
        return ahead.Duration() < Skew
            ? []
            : [new Finding(FindingSeverity.Warning, string.Create(CultureInfo.InvariantCulture, $"The clock of the server at {settings.Endpoint} is {ahead.Duration().TotalSeconds:0} s {(ahead > TimeSpan.Zero ? "ahead of" : "behind")} the clock of this machine."), "timedatectl set-ntp true")];
    }

    /// <summary>Begins what a snapshot begins with, and ends it at once: whether the server has what is needed, and hides nothing from the account.</summary>
    private static async Task<IReadOnlyList<Finding>> ReadingAsync(ArangoClient client, string database, CancellationToken cancellationToken)
    {
        try
        {
            await using var batch = await ReplicationBatch.OpenAsync(client, database, cancellationToken);
            var inventory = await new SnapshotReading(batch).ReadInventoryAsync(cancellationToken);
            await new CoverageCheck(batch).RequireCompleteAsync(inventory, cancellationToken);
            return [];
        }
        catch (MetisException failure)
        {
            return [new Finding(FindingSeverity.Problem, failure.Message, failure.Hint)];
        }
    }

    private static async Task<IEnumerable<Finding>> RightsAsync(ServerInquiry inquiry, ServerSettings settings, string database, CancellationToken cancellationToken)
    {
        if (!await inquiry.DatabaseExistsAsync(cancellationToken))
        {
            return [new Finding(FindingSeverity.Problem, $"The server at {settings.Endpoint} has no database '{database}'.", "set operational.database, or the database of the target, to the right one")];
        }

        if (await inquiry.ReadRightsAsync(cancellationToken) is not { } rights)
        {
            return [new Finding(FindingSeverity.Note, $"The server at {settings.Endpoint} asks nobody for a password.", null)];
        }

        var grant = $"arangosh --javascript.execute-string 'require(\"@arangodb/users\").grantDatabase(\"{settings.User}\", \"{database}\", \"rw\")'";
        return rights.Level(database) switch
        {
            "rw" when rights.IsAdministrator => [],
            "rw" => [new Finding(FindingSeverity.Note, $"Account {settings.User} is no administrator: accounts are not captured, and a restore into a database that does not exist is not possible.", null)],
            "ro" => [new Finding(FindingSeverity.Warning, $"Account {settings.User} may read database '{database}', but not write it: a restore is not possible.", grant)],
            _ => [new Finding(FindingSeverity.Problem, $"Account {settings.User} may not read database '{database}'.", grant)],
        };
    }
}
