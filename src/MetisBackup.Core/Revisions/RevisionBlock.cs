namespace MetisBackup.Core.Revisions;

/// <summary>Some ids of an ascending sequence, however they are kept.</summary>
public interface IRevisionBlock
{
    /// <summary>The ids, ascending; valid until the next block is asked for.</summary>
    ReadOnlySpan<ulong> Revisions { get; }
}

/// <summary>Ids of an ascending sequence, and nothing else.</summary>
/// <param name="Ids">The ids, ascending.</param>
public readonly record struct RevisionBlock(ReadOnlyMemory<ulong> Ids) : IRevisionBlock
{
    /// <inheritdoc/>
    public ReadOnlySpan<ulong> Revisions => Ids.Span;
}
