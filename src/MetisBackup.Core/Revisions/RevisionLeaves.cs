namespace MetisBackup.Core.Revisions;

/// <summary>Number of revisions in one leaf of the tree and XOR of their hashes.</summary>
internal record struct RevisionLeaf(ulong Count, ulong Hash)
{
    public readonly bool IsPopulated => (Count | Hash) != 0;
}

/// <summary>
/// The leaves of a tree in pages that exist only where something was inserted. Copies share pages until one of them writes.
/// </summary>
internal sealed class RevisionLeaves
{
    private const int PageBits = 7;
    private const int PageSize = 1 << PageBits;
    private const int PageCount = RevisionTree.LeafCount / PageSize;

    private Page?[]? _pages;
    private object _owner = new();

    public bool IsEmpty => _pages is null;

    public RevisionLeaf this[int index] => _pages?[index >> PageBits]?.Leaves[index & (PageSize - 1)] ?? default;

    public ref RevisionLeaf Writable(int index)
    {
        _pages ??= new Page?[PageCount];
        ref var page = ref _pages[index >> PageBits];
        if (page is null)
        {
            page = new Page(_owner, new RevisionLeaf[PageSize]);
        }
        else if (page.Owner != _owner)
        {
            page = new Page(_owner, [.. page.Leaves]);
        }

        return ref page.Leaves[index & (PageSize - 1)];
    }

    /// <summary>Index of the first populated leaf at or behind <paramref name="from"/>, or <see cref="RevisionTree.LeafCount"/>.</summary>
    public int NextPopulated(int from)
    {
        if (_pages is null)
        {
            return RevisionTree.LeafCount;
        }

        for (var page = from >> PageBits; page < PageCount; page++)
        {
            var leaves = _pages[page]?.Leaves;
            if (leaves is not null)
            {
                for (var position = Math.Max(from - (page << PageBits), 0); position < PageSize; position++)
                {
                    if (leaves[position].IsPopulated)
                    {
                        return (page << PageBits) + position;
                    }
                }
            }
        }

        return RevisionTree.LeafCount;
    }

    /// <summary>A copy; neither sees what the other writes from now on.</summary>
    public RevisionLeaves Clone()
    {
        _owner = new object();
        return new RevisionLeaves { _pages = (Page?[]?)_pages?.Clone() };
    }

    /// <summary>New leaves where old leaf <c>i</c> has been added to leaf <c>target(i)</c>.</summary>
    public RevisionLeaves Merge(Func<int, int> target)
    {
        var merged = new RevisionLeaves();
        for (var index = NextPopulated(0); index < RevisionTree.LeafCount; index = NextPopulated(index + 1))
        {
            var old = this[index];
            ref var leaf = ref merged.Writable(target(index));
            leaf = new RevisionLeaf(leaf.Count + old.Count, leaf.Hash ^ old.Hash);
        }

        return merged;
    }

    private sealed record Page(object Owner, RevisionLeaf[] Leaves);
}
