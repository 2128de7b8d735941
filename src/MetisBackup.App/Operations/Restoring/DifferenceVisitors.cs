using System.Buffers;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MetisBackup.Core.Planning;
using MetisBackup.Core.Revisions;
using MetisBackup.Storage.Store;

namespace MetisBackup.App.Operations.Restoring;

/// <summary>Counts differences, and stops when there are so many that nobody wants to know more.</summary>
/// <param name="hasEnough">Tells so from what was counted.</param>
internal sealed class DifferenceCount(Func<RevisionCounts, bool>? hasEnough) : IDifferenceVisitor
{
    private long _live;
    private long _stored;

    /// <summary>What was counted.</summary>
    public RevisionCounts Counts => new(_live, _stored, null);

    /// <inheritdoc/>
    public bool WantsKeys => false;

    /// <inheritdoc/>
    public bool HasEnough => hasEnough?.Invoke(Counts) == true;

    /// <inheritdoc/>
    public void Live(ulong revision, ReadOnlySpan<byte> key) => _live++;

    /// <inheritdoc/>
    public void Stored(StoredRevisions block, int position) => _stored++;
}

/// <summary>
/// The differences of those documents whose keys fall into one of several parts, so that memory stays bounded however many differ: about
/// 100 bytes each. All versions of a document fall into the same part.
/// </summary>
/// <param name="part">Which part, from 0.</param>
/// <param name="parts">Number of parts.</param>
/// <param name="hasEnough">Tells from what was counted that nobody wants to know more; null for never.</param>
internal sealed class DifferencePart(int part, int parts, Func<RevisionCounts, bool>? hasEnough = null) : IDifferenceVisitor
{
    /// <summary>Differing versions that one part is meant to hold.</summary>
    public const long MostInMemory = 250_000;

    private readonly long _seed = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));
    private readonly ArrayBufferWriter<byte> _keys = new();
    private readonly List<LiveDocument> _live = [];
    private readonly HashSet<ulong> _storedKeys = [];

    /// <summary>What the snapshot holds and the database lacks.</summary>
    public DocumentSelection Selection { get; } = new();

    /// <summary>Lowest revision in it.</summary>
    public RevisionId Lowest { get; private set; } = RevisionId.Invalid;

    /// <summary>Highest revision in it; 0 when there is none.</summary>
    public RevisionId Highest { get; private set; }

    /// <summary>What was counted in this part.</summary>
    public RevisionCounts Counts => new(_live.Count, Selection.Count, Replaced);

    /// <summary>How many of the database's documents have another version in the snapshot.</summary>
    public long Replaced => _live.LongCount(one => _storedKeys.Contains(one.KeyHash));

    /// <inheritdoc/>
    public bool WantsKeys => true;

    /// <inheritdoc/>
    public bool HasEnough => hasEnough?.Invoke(new RevisionCounts(_live.Count, Selection.Count, null)) == true;

    /// <summary>How many parts to make of some differences.</summary>
    public static int PartsFor(RevisionCounts counts) => (int)((counts.Live + counts.Stored) / MostInMemory) + 1;

    /// <inheritdoc/>
    public void Live(ulong revision, ReadOnlySpan<byte> key)
    {
        if (Takes(key, out var hash))
        {
            _live.Add(new LiveDocument(revision, hash, _keys.WrittenCount, (ushort)key.Length));
            _keys.Write(key);
        }
    }

    /// <inheritdoc/>
    public void Stored(StoredRevisions block, int position)
    {
        if (Takes(block.KeyOf(position), out var hash))
        {
            var revision = new RevisionId(block.Revisions[position]);
            _storedKeys.Add(hash);
            Selection.Add(block.PlaceOf(position), revision.Value);
            Lowest = revision < Lowest ? revision : Lowest;
            Highest = revision > Highest ? revision : Highest;
        }
    }

    /// <summary>The versions that the database holds and the snapshot does not.</summary>
    /// <param name="withReplaced">Also of documents that have another version in the snapshot.</param>
    public IEnumerable<(ReadOnlyMemory<byte> Key, RevisionId Revision)> Surplus(bool withReplaced) => _live
        .Where(one => withReplaced || !_storedKeys.Contains(one.KeyHash))
        .Select(one => (_keys.WrittenMemory.Slice(one.KeyStart, one.KeyLength), new RevisionId(one.Revision)));

    /// <summary>
    /// Two hashes: the same for all parts tells the part, the other, which differs from run to run, the key. Should two keys ever share one,
    /// a document stays that should go; the proof notices and the next run mends it.
    /// </summary>
    private bool Takes(ReadOnlySpan<byte> key, out ulong hash)
    {
        hash = XxHash3.HashToUInt64(key, _seed);
        return parts == 1 || XxHash3.HashToUInt64(key) % (ulong)parts == (ulong)part;
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct LiveDocument(ulong Revision, ulong KeyHash, int KeyStart, ushort KeyLength);
}
