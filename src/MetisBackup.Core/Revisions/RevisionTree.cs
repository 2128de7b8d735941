using System.Buffers;
using System.Numerics;

namespace MetisBackup.Core.Revisions;

/// <summary>
/// The revision tree of one collection: 262,144 leaves over a range of revision ids, each with the number of ids it holds and the
/// XOR of their hashes, and the sums over all (arangodb-protocol 10.3, 10.4). Behaves as the server's own, odd cases included:
/// inserting an id twice counts it twice, and removing an absent id is noticed only where its leaf is empty.
/// </summary>
/// <remarks>Memory follows the populated leaves (from a few KB to 4 MB). Not safe for writers in parallel; clones are independent.</remarks>
public sealed class RevisionTree
{
    /// <summary>Depth that the JSON form states.</summary>
    public const int MaxDepth = 6;

    /// <summary>Number of leaves, 8^6.</summary>
    public const int LeafCount = 262_144;

    /// <summary>Lower bound of a new tree: 2021-01-01.</summary>
    public static readonly RevisionId DefaultInitialRangeMin = new(1_687_640_290_099_200_000);

    internal const ulong InitialWidth = LeafCount * 64UL;

    private RevisionLeaves _leaves;
    private ulong _rangeMin;
    private ulong _rangeMax;
    private int _leafShift;

    /// <summary>An empty tree that begins at 2021-01-01.</summary>
    public RevisionTree()
        : this(DefaultInitialRangeMin)
    {
    }

    /// <summary>An empty tree that begins at <paramref name="initialRangeMin"/> (0 for the child collections of smart graphs).</summary>
    public RevisionTree(RevisionId initialRangeMin)
        : this(initialRangeMin, initialRangeMin.Value, initialRangeMin.Value + InitialWidth, new RevisionLeaves(), RevisionSummary.Empty)
    {
    }

    internal RevisionTree(RevisionId initialRangeMin, ulong rangeMin, ulong rangeMax, RevisionLeaves leaves, RevisionSummary summary)
    {
        InitialRangeMin = initialRangeMin;
        _leaves = leaves;
        Summary = summary;
        SetRange(rangeMin, rangeMax);
    }

    /// <summary>Number of ids in the tree.</summary>
    public ulong Count => Summary.Count;

    /// <summary>XOR of the hashes of all ids.</summary>
    public ulong Hash => Summary.Hash;

    /// <summary>Count and hash of the root.</summary>
    public RevisionSummary Summary { get; private set; }

    /// <summary>Smallest id that the range covers now.</summary>
    public RevisionId RangeMin => new(_rangeMin);

    /// <summary>The first id behind the range.</summary>
    public RevisionId RangeMax => new(_rangeMax);

    /// <summary>Lower bound at creation; a border between leaves always lies here.</summary>
    public RevisionId InitialRangeMin { get; }

    /// <summary>
    /// The ids that lie outside of the range: none of them is in the tree, and a document that has one all the same is in no sum of it.
    /// </summary>
    public IReadOnlyList<RevisionRange> Outside() =>
    [
        .. _rangeMin > 0 ? [new RevisionRange(new RevisionId(0), new RevisionId(_rangeMin - 1))] : Array.Empty<RevisionRange>(),
        new RevisionRange(RangeMax, new RevisionId(ulong.MaxValue)),
    ];

    internal ulong Width => _rangeMax - _rangeMin;

    internal int LeafShift => _leafShift;

    internal RevisionLeaves Leaves => _leaves;

    /// <summary>Adds an id; the range grows as needed and never shrinks again.</summary>
    /// <exception cref="RevisionTreeException">
    /// The range cannot grow that far (ids before about 1990 or behind 10911012326953975807). The tree stays as wide as it got.
    /// </exception>
    public void Insert(RevisionId revision)
    {
        var key = revision.Value;
        while (key >= _rangeMax)
        {
            GrowRight();
        }

        while (key < _rangeMin)
        {
            GrowLeft();
        }

        var hash = revision.Hash;
        ref var leaf = ref _leaves.Writable((int)((key - _rangeMin) >> _leafShift));
        leaf = new RevisionLeaf(leaf.Count + 1, leaf.Hash ^ hash);
        Summary = new RevisionSummary(Summary.Count + 1, Summary.Hash ^ hash);
    }

    /// <summary>Takes an id out.</summary>
    /// <exception cref="RevisionTreeException">The id is out of range, or its leaf is empty.</exception>
    public void Remove(RevisionId revision)
    {
        var key = revision.Value;
        if (key < _rangeMin || key >= _rangeMax)
        {
            throw new RevisionTreeException("Cannot remove, key out of current range.");
        }

        var index = (int)((key - _rangeMin) >> _leafShift);
        if (_leaves[index].Count == 0)
        {
            throw new RevisionTreeException("Tried to remove key that is not present.");
        }

        var hash = revision.Hash;
        ref var leaf = ref _leaves.Writable(index);
        leaf = new RevisionLeaf(leaf.Count - 1, leaf.Hash ^ hash);
        Summary = new RevisionSummary(Summary.Count - 1, Summary.Hash ^ hash);
    }

    /// <summary>An independent copy; costs at most 16 KB, whatever the size.</summary>
    public RevisionTree Clone() => new(InitialRangeMin, _rangeMin, _rangeMax, _leaves.Clone(), Summary);

    /// <summary>
    /// The id ranges whose leaves differ, ascending and with neighbours merged; empty when the trees hold the same ids (arangodb-protocol
    /// 10.10). Every id that only one of them holds lies in one of the ranges.
    /// </summary>
    /// <exception cref="RevisionTreeException">The trees have different lower bounds, or cannot be widened to the same width.</exception>
    public IReadOnlyList<RevisionRange> Diff(RevisionTree other) => RevisionTreeDiff.Compute(this, other);

    /// <summary>Writes the JSON form, without blanks, exactly as the server does (arangodb-protocol 10.5).</summary>
    public void WriteJson(IBufferWriter<byte> output, RevisionTreeForm form) => RevisionTreeWriter.Write(this, output, form);

    /// <summary>Reads the JSON form in any of its spellings; unknown attributes are passed over (arangodb-protocol 10.5).</summary>
    /// <exception cref="RevisionTreeException">The text is not a revision tree; the message says why.</exception>
    public static RevisionTree Parse(ReadOnlySpan<byte> json) => RevisionTreeReader.Read(json);

    internal void GrowRight()
    {
        var width = Width;
        if (_rangeMax > ulong.MaxValue - width)
        {
            throw new RevisionTreeException("Cannot grow MerkleTree because of overflow in rangeMax.");
        }

        var shift = NeedsShift() ? 1 : 0;
        if (!_leaves.IsEmpty)
        {
            _leaves = _leaves.Merge(index => (index + shift) / 2);
        }

        var moved = (ulong)shift << _leafShift;
        SetRange(_rangeMin - moved, _rangeMax + width - moved);
    }

    private void GrowLeft()
    {
        var width = Width;
        if (width > _rangeMin)
        {
            throw new RevisionTreeException("Cannot grow MerkleTree because of underflow in rangeMin.");
        }

        var shift = NeedsShift() ? 1 : 0;
        if (!_leaves.IsEmpty)
        {
            _leaves = _leaves.Merge(index => index == LeafCount - 1 ? index : (LeafCount + index - shift) / 2);
        }

        var moved = (ulong)shift << _leafShift;
        SetRange(_rangeMin - width + moved, _rangeMax + moved);
    }

    /// <summary>Whether plain doubling would put the initial lower bound inside a leaf.</summary>
    private bool NeedsShift() => ((InitialRangeMin.Value - _rangeMin) & ((2UL << _leafShift) - 1)) != 0;

    private void SetRange(ulong rangeMin, ulong rangeMax)
    {
        _rangeMin = rangeMin;
        _rangeMax = rangeMax;
        _leafShift = BitOperations.TrailingZeroCount((rangeMax - rangeMin) / LeafCount);
    }
}
