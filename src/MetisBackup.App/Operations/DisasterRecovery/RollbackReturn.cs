using MetisBackup.Core.Planning;

namespace MetisBackup.App.Operations.DisasterRecovery;

/// <summary>
/// Goes back from any point of a rollback to what was live before it. It does not ask how far the rollback came: every step looks at
/// what is there, by guid.
/// </summary>
/// <param name="context">What the steps share.</param>
internal sealed class RollbackReturn(RollbackContext context)
{
    private readonly RollbackContext _context = context;

    /// <summary>Goes back and ends the journal.</summary>
    /// <exception cref="Core.Errors.MetisException">Of the step that failed; the journal stays.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        _context.Journal.Write(_context.Entry with { Returning = true });
        await _context.StopAsync(cancellationToken);
        await MoveBackAsync(cancellationToken);
        await _context.UnparkAsync(_context.Live, cancellationToken);
        await _context.UnmarkAsync(_context.Live, cancellationToken);
        await _context.MountAsync(_context.Live, cancellationToken);
        await DiscardAsync(cancellationToken);
        await _context.Service.StartAsync(cancellationToken);
        await _context.Service.AwaitAsync(databases: null, cancellationToken);
        _context.Journal.Complete();
    }

    private async Task MoveBackAsync(CancellationToken cancellationToken)
    {
        var staged = await StagedIdentityAsync(cancellationToken);
        var now = await _context.IdentityAsync(_context.Live, cancellationToken);
        if (staged != 0 && now == staged)
        {
            await _context.Writer.RenameAsync(_context.Live, _context.Staged, cancellationToken);
        }

        await _context.MoveAsync(_context.Entry.LiveIdentity, _context.Replaced, _context.Live, cancellationToken);
        if (staged == 0)
        {
            return;
        }

        foreach (var (dataset, member) in await _context.MembersAsync(_context.Live, cancellationToken))
        {
            await _context.Writer.PromoteAsync(dataset, _context.Staged.At(member.Relative), cancellationToken);
        }
    }

    /// <summary>A kept state stays kept, a clone was made for this and goes.</summary>
    private async Task DiscardAsync(CancellationToken cancellationToken)
    {
        var staged = await _context.IdentityAsync(_context.Staged, cancellationToken);
        if (_context.Entry.Kind == RollbackKind.Undo)
        {
            await _context.ParkAsync(_context.Staged, cancellationToken);
            foreach (var (property, value) in _context.Entry.Marks)
            {
                await _context.Writer.SetAsync(_context.Staged.Value, property, value, cancellationToken);
            }
        }
        else if (staged != 0 && await IsOursAsync(staged, cancellationToken))
        {
            await new ScratchClones(_context.Tools).DestroyAsync(_context.Staged, staged, cancellationToken);
        }
    }

    /// <summary>The clone carries the id of this rollback. The last step takes it off, and then the journal knows the clone by its guid.</summary>
    private async Task<bool> IsOursAsync(ulong staged, CancellationToken cancellationToken)
    {
        var name = _context.Staged.Value;
        if ((await _context.Reader.GetAsync(name, OwnProperties.Scratch, cancellationToken)).Own(name, OwnProperties.Scratch) is { } mark)
        {
            return mark == _context.Entry.Id;
        }

        if (staged != _context.Entry.StagedIdentity)
        {
            return false;
        }

        await _context.Writer.SetAsync(name, OwnProperties.Scratch, _context.Entry.Id, cancellationToken);
        return true;
    }

    /// <summary>Killed between the clone and the journal, the clone's guid is not written down.</summary>
    private async Task<ulong> StagedIdentityAsync(CancellationToken cancellationToken) =>
        _context.Entry.StagedIdentity != 0 ? _context.Entry.StagedIdentity : await _context.IdentityAsync(_context.Staged, cancellationToken);
}
