using System.Globalization;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;
using MetisBackup.Core.Planning;
using MetisBackup.Storage.Zfs;

namespace MetisBackup.App.Operations.DisasterRecovery;

/// <summary>
/// Executes a rollback step by step. Every step looks first whether it was done already, so one that was killed half-way can be done
/// again; after every step the journal is written.
/// </summary>
/// <param name="context">What the steps share.</param>
internal sealed class RollbackExecution(RollbackContext context)
{
    private static readonly RollbackStep[] Swap =
    [
        RollbackStep.SaveState, RollbackStep.StopService, RollbackStep.Clone, RollbackStep.Park, RollbackStep.MoveOut, RollbackStep.MoveIn, RollbackStep.Promote,
        RollbackStep.CarryOver, RollbackStep.Mount, RollbackStep.StartService, RollbackStep.AwaitServer, RollbackStep.KeepReplaced,
    ];

    private static readonly RollbackStep[] Undo =
    [
        RollbackStep.StopService, RollbackStep.Park, RollbackStep.MoveOut, RollbackStep.MoveIn, RollbackStep.Promote,
        RollbackStep.CarryOver, RollbackStep.Mount, RollbackStep.StartService, RollbackStep.AwaitServer, RollbackStep.KeepReplaced,
    ];

    private static readonly RollbackStep[] InPlace =
        [RollbackStep.StopService, RollbackStep.RollBack, RollbackStep.Mount, RollbackStep.StartService, RollbackStep.AwaitServer];

    private readonly RollbackContext _context = context;

    /// <summary>Does what is left of the steps and ends the journal.</summary>
    /// <exception cref="MetisException">Of the step that failed; the journal stays.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var steps = _context.Entry.Kind switch { RollbackKind.Swap => Swap, RollbackKind.Undo => Undo, _ => InPlace };
        foreach (var step in steps.Where(step => step > _context.Entry.Done))
        {
            cancellationToken.ThrowIfCancellationRequested();
            await DoAsync(step, cancellationToken);
            _context.Journal.Write(_context.Entry with { Done = step });
        }

        _context.Journal.Complete();
    }

    private Task DoAsync(RollbackStep step, CancellationToken cancellationToken) => step switch
    {
        RollbackStep.SaveState => SaveAsync(cancellationToken),
        RollbackStep.StopService => StopAsync(cancellationToken),
        RollbackStep.Clone => CloneAsync(cancellationToken),
        RollbackStep.Park => ParkAsync(cancellationToken),
        RollbackStep.MoveOut => _context.MoveAsync(_context.Entry.LiveIdentity, _context.Live, _context.Replaced, cancellationToken),
        RollbackStep.MoveIn => _context.MoveAsync(_context.Entry.StagedIdentity, _context.Staged, _context.Live, cancellationToken),
        RollbackStep.Promote => PromoteAsync(cancellationToken),
        RollbackStep.RollBack => RollBackAsync(cancellationToken),
        RollbackStep.CarryOver => CarryOverAsync(cancellationToken),
        RollbackStep.Mount => _context.MountAsync(_context.Live, cancellationToken),
        RollbackStep.StartService => StartAsync(cancellationToken),
        RollbackStep.AwaitServer => AwaitAsync(cancellationToken),
        _ => KeepAsync(cancellationToken),
    };

    private async Task SaveAsync(CancellationToken cancellationToken)
    {
        var taken = await new DrSnapshotTaking(_context.Tools).TakeAsync(DrSnapshotName.BeforeRollback, _context.Entry.Members.Count > 1, attempts: 20, cancellationToken);
        _context.Journal.Note(_context.Entry with { SafetySnapshot = taken.FullName });
        _context.Progress.Note($"The present state is saved as {taken.FullName}.");
    }

    private async Task StopAsync(CancellationToken cancellationToken)
    {
        _context.Progress.Note(_context.Service.Exists ? $"Stopping {_context.Service.Name}." : "Making sure that nobody uses the data set.");
        await _context.StopAsync(cancellationToken);
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_context.Service.Exists)
        {
            _context.Progress.Note($"Starting {_context.Service.Name}.");
            await _context.Service.StartAsync(cancellationToken);
        }
    }

    private async Task AwaitAsync(CancellationToken cancellationToken)
    {
        if (_context.Service.Exists)
        {
            var doubt = await _context.Service.AwaitAsync(_context.Entry.Databases, cancellationToken);
            if (doubt is not null && _context.Entry.Kind != RollbackKind.Undo)
            {
                _context.Warnings.Add($"It was not checked that the server has the databases of the snapshot: {doubt}.");
            }
        }
    }

    private async Task CloneAsync(CancellationToken cancellationToken)
    {
        _context.Progress.Note($"Cloning {_context.Live}@{_context.Entry.Snapshot}.");
        foreach (var member in _context.Entry.Members.Where(static one => one.HasSnapshot))
        {
            var clone = _context.Staged.At(member.Relative);
            if (!await _context.Reader.ExistsAsync(clone.Value, cancellationToken))
            {
                var properties = new Dictionary<string, string>(StringComparer.Ordinal) { ["canmount"] = "noauto", [OwnProperties.Scratch] = _context.Entry.Id };
                await _context.Writer.CloneAsync(_context.Live.At(member.Relative).Snapshot(_context.Entry.Snapshot), clone, properties, cancellationToken);
            }
        }

        var made = await _context.Reader.GetAsync(_context.Staged.Value, $"guid,{OwnProperties.Scratch}", cancellationToken);
        if (made.Own(_context.Staged.Value, OwnProperties.Scratch) != _context.Entry.Id)
        {
            throw new MetisException(ErrorCode.Refused, $"Data set {_context.Staged} exists already and is not ours.", "rename it, then run 'metis-backup dr undo' and the rollback again");
        }

        _context.Journal.Note(_context.Entry with { StagedIdentity = made.Number(_context.Staged.Value, "guid") ?? 0 });
    }

    private async Task ParkAsync(CancellationToken cancellationToken)
    {
        // killed between the renaming and the journal, the live name may already be somebody else's
        if (await _context.IdentityAsync(_context.Live, cancellationToken) == _context.Entry.LiveIdentity)
        {
            await _context.ParkAsync(_context.Live, cancellationToken);
        }
    }

    private async Task PromoteAsync(CancellationToken cancellationToken)
    {
        foreach (var (dataset, member) in await _context.MembersAsync(_context.Live, cancellationToken))
        {
            await _context.Writer.PromoteAsync(dataset, _context.Replaced.At(member.Relative), cancellationToken);
        }
    }

    private async Task RollBackAsync(CancellationToken cancellationToken)
    {
        foreach (var member in _context.Entry.Members)
        {
            await _context.Writer.RollBackAsync(_context.Live.At(member.Relative).Snapshot(_context.Entry.Snapshot), _context.Entry.DiscardNewer, cancellationToken);
        }
    }

    /// <summary>A kept state has its settings; a clone gets those of what it replaces. One that cannot be set is a warning: the data come first.</summary>
    private async Task CarryOverAsync(CancellationToken cancellationToken)
    {
        if (_context.Entry.Kind == RollbackKind.Swap)
        {
            foreach (var (dataset, member) in await _context.MembersAsync(_context.Live, cancellationToken))
            {
                await CarryOverAsync(dataset, member, cancellationToken);
            }
        }

        await _context.UnparkAsync(_context.Live, cancellationToken);
    }

    private async Task CarryOverAsync(DatasetName dataset, RollbackMember member, CancellationToken cancellationToken)
    {
        foreach (var (property, value) in member.Settings)
        {
            try
            {
                await _context.Writer.SetAsync(dataset.Value, property, value, cancellationToken);
            }
            catch (MetisException failure) when (property is not ("mountpoint" or "canmount"))
            {
                _context.Warnings.Add($"Property {property}={value} was not carried over to {dataset}: {failure.Message}");
            }
        }

        if (!member.Settings.ContainsKey("canmount"))
        {
            await _context.Writer.SetAsync(dataset.Value, "canmount", RollbackContext.Mountable, cancellationToken);
        }

        foreach (var grant in await _context.Reader.ListDelegationsAsync(_context.Replaced.At(member.Relative), cancellationToken))
        {
            try
            {
                await _context.Writer.AllowAsync(dataset, grant, cancellationToken);
            }
            catch (MetisException failure)
            {
                _context.Warnings.Add($"Rights were not carried over to {dataset}: {failure.Message}");
            }
        }
    }

    private async Task KeepAsync(CancellationToken cancellationToken)
    {
        var entry = _context.Entry;
        var replaced = _context.Replaced.Value;
        (string Property, string Value)[] marks =
        [
            (OwnProperties.Kind, entry.Kind == RollbackKind.Undo ? KeptState.Undone : KeptState.Replaced),
            (OwnProperties.Since, Text(_context.Tools.Clock.GetUtcNow())),
            (OwnProperties.Expires, Text(entry.Expires)),
            (OwnProperties.Because, entry.Snapshot),
            (OwnProperties.StateOf, entry.Dataset),
        ];
        foreach (var (property, value) in marks)
        {
            await _context.Writer.SetAsync(replaced, property, value, cancellationToken);
        }

        await _context.UnmarkAsync(_context.Live, cancellationToken);
    }

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
