namespace MetisBackup.Core.Revisions;

/// <summary>Comparison of two revision trees (arangodb-protocol 10.10).</summary>
internal static class RevisionTreeDiff
{
    public static IReadOnlyList<RevisionRange> Compute(RevisionTree left, RevisionTree right)
    {
        if (left.InitialRangeMin != right.InitialRangeMin)
        {
            throw new RevisionTreeException("Revision trees with different lower bounds cannot be compared.");
        }

        left = Widen(left, right.Width);
        right = Widen(right, left.Width);
        var ranges = new List<RevisionRange>();
        var start = Math.Min(left.RangeMin.Value, right.RangeMin.Value);
        var (leftWalk, rightWalk) = (new Walk(left, start), new Walk(right, start));
        for (var position = Math.Min(leftWalk.Position, rightWalk.Position); position < long.MaxValue;)
        {
            if (Differ(leftWalk.At(position), rightWalk.At(position)))
            {
                Add(ranges, start + ((ulong)position << left.LeafShift), 1UL << left.LeafShift);
            }

            leftWalk.MoveBehind(position);
            rightWalk.MoveBehind(position);
            position = Math.Min(leftWalk.Position, rightWalk.Position);
        }

        return ranges;
    }

    private static RevisionTree Widen(RevisionTree tree, ulong width)
    {
        if (tree.Width >= width)
        {
            return tree;
        }

        tree = tree.Clone();
        while (tree.Width < width)
        {
            tree.GrowRight();
        }

        return tree;
    }

    /// <summary>Outside of one tree's range the server looks at the other's count only.</summary>
    private static bool Differ(RevisionLeaf? left, RevisionLeaf? right) => (left, right) switch
    {
        ({ } one, { } other) => one != other,
        ({ Count: not 0 }, null) or (null, { Count: not 0 }) => true,
        _ => false,
    };

    private static void Add(List<RevisionRange> ranges, ulong from, ulong width)
    {
        var max = new RevisionId(from + (width - 1));
        if (ranges.Count > 0 && ranges[^1].Max.Value + 1 == from)
        {
            ranges[^1] = ranges[^1] with { Max = max };
        }
        else
        {
            ranges.Add(new RevisionRange(new RevisionId(from), max));
        }
    }

    /// <summary>Walks the populated leaves of one tree, counted in leaves from a common start.</summary>
    private sealed class Walk
    {
        private readonly RevisionTree _tree;
        private readonly long _offset;
        private int _index;

        public Walk(RevisionTree tree, ulong start)
        {
            _tree = tree;
            _offset = (long)((tree.RangeMin.Value - start) >> tree.LeafShift);
            _index = tree.Leaves.NextPopulated(0);
        }

        /// <summary>Position of the next populated leaf, or the largest number at the end.</summary>
        public long Position => _index < RevisionTree.LeafCount ? _offset + _index : long.MaxValue;

        public RevisionLeaf? At(long position)
        {
            var index = position - _offset;
            return index is >= 0 and < RevisionTree.LeafCount ? _tree.Leaves[(int)index] : null;
        }

        public void MoveBehind(long position)
        {
            if (Position == position)
            {
                _index = _tree.Leaves.NextPopulated(_index + 1);
            }
        }
    }
}
