using System.Runtime.CompilerServices;

namespace MetisBackup.Core.Revisions;

/// <summary>
/// What only one of two ascending sequences holds, for a stretch of both: positions in one block of each. A block may be part of several
/// stretches; everything is valid until the next stretch is asked for.
/// </summary>
/// <typeparam name="TLeft">Blocks of the left sequence.</typeparam>
/// <typeparam name="TRight">Blocks of the right sequence.</typeparam>
/// <param name="Left">The block of the left sequence; meaningless when <paramref name="OnlyLeft"/> is empty.</param>
/// <param name="OnlyLeft">Positions in <paramref name="Left"/> of ids that the right sequence lacks, ascending.</param>
/// <param name="Right">The block of the right sequence; meaningless when <paramref name="OnlyRight"/> is empty.</param>
/// <param name="OnlyRight">Positions in <paramref name="Right"/> of ids that the left sequence lacks, ascending.</param>
/// <param name="Common">Number of ids of this stretch that both hold.</param>
public readonly record struct RevisionDifference<TLeft, TRight>(
    TLeft Left, ReadOnlyMemory<int> OnlyLeft, TRight Right, ReadOnlyMemory<int> OnlyRight, int Common);

/// <summary>
/// Compares two ascending sequences of ids block by block and never holds more than one block of each. An id that stands several times
/// counts as often.
/// </summary>
public static class RevisionMerge
{
    /// <summary>Compares two sequences that are at hand, for example two snapshots.</summary>
    public static IEnumerable<RevisionDifference<TLeft, TRight>> Compare<TLeft, TRight>(IEnumerable<TLeft> left, IEnumerable<TRight> right)
        where TLeft : IRevisionBlock
        where TRight : IRevisionBlock
    {
        using var lefts = left.GetEnumerator();
        using var rights = right.GetEnumerator();
        var walk = new MergeWalk();
        walk.Begin(
            lefts.MoveNext() ? lefts.Current.Revisions.Length : -1,
            rights.MoveNext() ? rights.Current.Revisions.Length : -1);
        while (!walk.IsAtEnd)
        {
            walk.Run(walk.HasLeft ? lefts.Current.Revisions : default, walk.HasRight ? rights.Current.Revisions : default);
            yield return new RevisionDifference<TLeft, TRight>(
                walk.HasLeft ? lefts.Current : default!, walk.OnlyLeft, walk.HasRight ? rights.Current : default!, walk.OnlyRight, walk.Common);
            if (walk.NeedsLeft)
            {
                walk.BeginLeft(lefts.MoveNext() ? lefts.Current.Revisions.Length : -1);
            }

            if (walk.NeedsRight)
            {
                walk.BeginRight(rights.MoveNext() ? rights.Current.Revisions.Length : -1);
            }
        }
    }

    /// <summary>Compares a sequence that a server lists (left) with one that is at hand (right).</summary>
    public static async IAsyncEnumerable<RevisionDifference<TLeft, TRight>> CompareAsync<TLeft, TRight>(
        IAsyncEnumerable<TLeft> left, IEnumerable<TRight> right, [EnumeratorCancellation] CancellationToken cancellationToken)
        where TLeft : IRevisionBlock
        where TRight : IRevisionBlock
    {
        await using var lefts = left.GetAsyncEnumerator(cancellationToken);
        using var rights = right.GetEnumerator();
        var walk = new MergeWalk();
        walk.Begin(
            await lefts.MoveNextAsync() ? lefts.Current.Revisions.Length : -1,
            rights.MoveNext() ? rights.Current.Revisions.Length : -1);
        while (!walk.IsAtEnd)
        {
            walk.Run(walk.HasLeft ? lefts.Current.Revisions : default, walk.HasRight ? rights.Current.Revisions : default);
            yield return new RevisionDifference<TLeft, TRight>(
                walk.HasLeft ? lefts.Current : default!, walk.OnlyLeft, walk.HasRight ? rights.Current : default!, walk.OnlyRight, walk.Common);
            if (walk.NeedsLeft)
            {
                walk.BeginLeft(await lefts.MoveNextAsync() ? lefts.Current.Revisions.Length : -1);
            }

            if (walk.NeedsRight)
            {
                walk.BeginRight(rights.MoveNext() ? rights.Current.Revisions.Length : -1);
            }
        }
    }

    /// <summary>Where a comparison stands in the two blocks. A length of -1 says that a sequence has ended.</summary>
    private sealed class MergeWalk
    {
        private int[] _onlyLeft = [];
        private int[] _onlyRight = [];
        private int _leftCount;
        private int _rightCount;
        private int _left;
        private int _right;
        private int _leftLength;
        private int _rightLength;

        public bool HasLeft => _leftLength >= 0;

        public bool HasRight => _rightLength >= 0;

        public bool IsAtEnd => !HasLeft && !HasRight;

        public bool NeedsLeft => HasLeft && _left == _leftLength;

        public bool NeedsRight => HasRight && _right == _rightLength;

        public int Common { get; private set; }

        public ReadOnlyMemory<int> OnlyLeft => _onlyLeft.AsMemory(0, _leftCount);

        public ReadOnlyMemory<int> OnlyRight => _onlyRight.AsMemory(0, _rightCount);

        public void Begin(int leftLength, int rightLength)
        {
            BeginLeft(leftLength);
            BeginRight(rightLength);
        }

        public void BeginLeft(int length) => (_left, _leftLength, _onlyLeft) = (0, length, Room(_onlyLeft, length));

        public void BeginRight(int length) => (_right, _rightLength, _onlyRight) = (0, length, Room(_onlyRight, length));

        /// <summary>Goes on until one block is used up; behind the end of one sequence the other's block is taken whole.</summary>
        public void Run(ReadOnlySpan<ulong> left, ReadOnlySpan<ulong> right)
        {
            var (leftAt, rightAt, common) = (_left, _right, 0);
            (_leftCount, _rightCount) = (0, 0);
            while (leftAt < left.Length && rightAt < right.Length)
            {
                var (one, other) = (left[leftAt], right[rightAt]);
                if (one == other)
                {
                    leftAt++;
                    rightAt++;
                    common++;
                }
                else if (one < other)
                {
                    _onlyLeft[_leftCount++] = leftAt++;
                }
                else
                {
                    _onlyRight[_rightCount++] = rightAt++;
                }
            }

            while (!HasRight && leftAt < left.Length)
            {
                _onlyLeft[_leftCount++] = leftAt++;
            }

            while (!HasLeft && rightAt < right.Length)
            {
                _onlyRight[_rightCount++] = rightAt++;
            }

            (_left, _right, Common) = (leftAt, rightAt, common);
        }

        private static int[] Room(int[] positions, int length) => positions.Length >= length ? positions : new int[length];
    }
}
