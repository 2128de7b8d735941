namespace MetisBackup.Core.Revisions;

/// <summary>
/// The 64-bit revision id of a stored document version: milliseconds since 1970 in the upper 44 bits, a logical counter in the
/// lower 20. Ordered as an unsigned number (arangodb-protocol 10.2).
/// </summary>
/// <param name="Value">The id; 2^64-1 stands for a text that could not be decoded.</param>
public readonly record struct RevisionId(ulong Value) : IComparable<RevisionId>
{
    /// <summary>What an undecodable text yields.</summary>
    public static readonly RevisionId Invalid = new(ulong.MaxValue);

    /// <inheritdoc/>
    public int CompareTo(RevisionId other) => Value.CompareTo(other.Value);

    /// <summary>Numeric order of ids.</summary>
    public static bool operator <(RevisionId left, RevisionId right) => left.Value < right.Value;

    /// <summary>Numeric order of ids.</summary>
    public static bool operator >(RevisionId left, RevisionId right) => left.Value > right.Value;

    /// <summary>Numeric order of ids.</summary>
    public static bool operator <=(RevisionId left, RevisionId right) => left.Value <= right.Value;

    /// <summary>Numeric order of ids.</summary>
    public static bool operator >=(RevisionId left, RevisionId right) => left.Value >= right.Value;
}
