using System.Globalization;
using MetisBackup.Core.Naming;
using MetisBackup.Core.Planning;
using MetisBackup.Storage.Zfs;

namespace MetisBackup.App.Operations.DisasterRecovery;

/// <summary>What is known, and what would be written into the journal.</summary>
internal sealed record PreparedRollback(RollbackFacts Facts, RollbackJournalEntry Entry);

/// <summary>Gathers everything that a rollback must know before it begins.</summary>
/// <param name="tools">The tools.</param>
/// <param name="service">The service and the server behind it.</param>
internal sealed class RollbackPreparation(DrTools tools, ServerService service)
{
    private readonly DrTools _tools = tools;
    private readonly ServerService _service = service;

    /// <summary>Gathers it.</summary>
    /// <exception cref="Core.Errors.MetisException">2, 10: the snapshot. 12, 16: ZFS.</exception>
    public async Task<PreparedRollback> PrepareAsync(RollBackDatasetRequest request, CancellationToken cancellationToken)
    {
        var dataset = request.Settings.Dataset;
        var snapshots = await new DrCatalogue(_tools.Reader).ListWithDetailsAsync(dataset, cancellationToken);
        var target = DrCatalogue.Find(dataset, request.Name!, snapshots);
        var now = _tools.Clock.GetUtcNow();
        var stamp = now.UtcDateTime.ToString("yyyyMMdd_HHmmss", CultureInfo.InvariantCulture);
        var inspection = new TreeInspection(_tools.Reader, request.Settings);
        var members = await inspection.MembersAsync(target.Zfs.Name, cancellationToken);
        var newer = await NewerAsync(members, dataset, target, cancellationToken);
        var identity = (await _tools.Reader.GetAsync(dataset.Value, "guid", cancellationToken)).Number(dataset.Value, "guid") ?? 0;
        var entry = new RollbackJournalEntry
        {
            Id = Guid.NewGuid().ToString("N"),
            Kind = request.InPlace ? RollbackKind.InPlace : RollbackKind.Swap,
            Dataset = dataset.Value,
            LiveIdentity = identity,
            Staged = dataset.Beside($"_metis_new_{stamp}").Value,
            Replaced = dataset.Beside($"_metis_replaced_{stamp}").Value,
            Snapshot = target.Zfs.Name,
            Members = members,
            Started = now,
            Expires = now + request.Keep,
            DiscardNewer = request.DiscardNewer,
            Databases = target.Details?.Content?.Databases?.Keys.ToList(),
        };
        var facts = await inspection.FactsAsync(entry, target.FullName, _service, cancellationToken) with
        {
            Newer = newer,
            WithoutSnapshot = [.. members.Where(static one => !one.HasSnapshot).Select(one => dataset.At(one.Relative).Value)],
            Force = request.Force,
            DiscardNewer = request.DiscardNewer,
        };
        return new PreparedRollback(facts, entry);
    }

    /// <summary>Snapshots newer than the target on every data set that has it; also those of other makers.</summary>
    private async Task<IReadOnlyList<NewerSnapshot>> NewerAsync(IReadOnlyList<RollbackMember> members, DatasetName dataset, DrSnapshot target, CancellationToken cancellationToken)
    {
        var clones = await _tools.Reader.ListClonesAsync(dataset.Pool, cancellationToken);
        var found = new List<NewerSnapshot>();
        foreach (var member in members.Select(one => dataset.At(one.Relative)))
        {
            var all = await _tools.Reader.ListSnapshotsAsync(member, cancellationToken);
            var own = all.FirstOrDefault(one => one.Name == target.Zfs.Name);
            var newer = all.Where(one => own is not null && one.CreateTxg > own.CreateTxg).Select(static one => one.FullName).ToList();
            if (newer.Count > 0)
            {
                var holds = await _tools.Reader.GetOfSnapshotsAsync(member, "userrefs", cancellationToken);
                found.AddRange(newer.Select(name => new NewerSnapshot(name, Obstacle(name, holds, clones))));
            }
        }

        return found;
    }

    private static string? Obstacle(string name, ZfsProperties holds, ILookup<string, string> clones) =>
        holds.Number(name, "userrefs") > 0 ? "held" : clones[name].FirstOrDefault() is { } clone ? $"{clone} is a clone of it" : null;
}

/// <summary>Gathers everything that an undo must know before it begins.</summary>
/// <param name="tools">The tools.</param>
/// <param name="service">The service and the server behind it.</param>
internal sealed class UndoPreparation(DrTools tools, ServerService service)
{
    private readonly DrTools _tools = tools;
    private readonly ServerService _service = service;

    /// <summary>Gathers it.</summary>
    /// <exception cref="Core.Errors.MetisException">10: nothing was rolled back. 12, 16: ZFS.</exception>
    public async Task<PreparedRollback> PrepareAsync(UndoRollbackRequest request, CancellationToken cancellationToken)
    {
        var dataset = request.Settings.Dataset;
        var states = await KeptStates.ListAsync(_tools.Reader, dataset, cancellationToken);
        var state = states.FirstOrDefault(static one => one.Kind == KeptState.Replaced) ?? throw new Core.Errors.MetisException(
            Core.Errors.ErrorCode.NotFound, $"There is no rollback of data set {dataset} that could be taken back.", "'metis-backup dr list' shows the states that are kept");
        var now = _tools.Clock.GetUtcNow();
        var inspection = new TreeInspection(_tools.Reader, request.Settings);
        var identity = (await _tools.Reader.GetAsync(dataset.Value, "guid", cancellationToken)).Number(dataset.Value, "guid") ?? 0;
        var both = await _tools.Reader.ListTreeAsync(dataset, cancellationToken);
        var kept = await _tools.Reader.ListTreeAsync(state.Dataset, cancellationToken);
        var relatives = both.Select(one => dataset.Relative(one)!).Union(kept.Select(one => state.Dataset.Relative(one)!), StringComparer.Ordinal).Order(StringComparer.Ordinal);
        var marks = await _tools.Reader.GetAsync(state.Dataset.Value, string.Join(',', OwnProperties.OfDatasets), cancellationToken);
        var entry = new RollbackJournalEntry
        {
            Id = Guid.NewGuid().ToString("N"),
            Kind = RollbackKind.Undo,
            Dataset = dataset.Value,
            LiveIdentity = identity,
            Staged = state.Dataset.Value,
            StagedIdentity = state.Identity,
            Marks = OwnProperties.OfDatasets.Where(one => marks.Own(state.Dataset.Value, one) is not null).ToDictionary(static one => one, one => marks.Own(state.Dataset.Value, one)!, StringComparer.Ordinal),
            Replaced = dataset.Beside($"_metis_undone_{now.UtcDateTime.ToString("yyyyMMdd_HHmmss", CultureInfo.InvariantCulture)}").Value,
            Snapshot = state.Because,
            Members = [.. relatives.Select(static one => new RollbackMember(one, HasSnapshot: false, new Dictionary<string, string>(StringComparer.Ordinal)))],
            Started = now,
            Expires = now + request.Keep,
        };
        var facts = await inspection.FactsAsync(entry, state.Dataset.Value, _service, cancellationToken) with
        {
            Conflicts = await ConflictsAsync(dataset, state.Dataset, cancellationToken),
            Force = request.Force,
        };
        return new PreparedRollback(facts, entry);
    }

    private async Task<IReadOnlyList<string>> ConflictsAsync(DatasetName one, DatasetName other, CancellationToken cancellationToken)
    {
        var names = (await _tools.Reader.ListSnapshotsAsync(one, cancellationToken)).Select(static snapshot => snapshot.Name);
        return [.. names.Intersect((await _tools.Reader.ListSnapshotsAsync(other, cancellationToken)).Select(static snapshot => snapshot.Name), StringComparer.Ordinal)];
    }
}
