using System.Text;
using MetisBackup.Core.Revisions;

namespace MetisBackup.Arango.Dump;

/// <summary>The ranges of a listing as the server takes them: ascending, apart from each other, and within what its texts can say.</summary>
internal static class RevisionRanges
{
    /// <summary>0 has an empty text, and 2^64-1 stands for a text that is none.</summary>
    private const ulong Smallest = 1;
    private const ulong Largest = ulong.MaxValue - 1;

    /// <summary>Sorts, clips and joins ranges; those without any possible id vanish.</summary>
    public static List<RevisionRange> Normalize(IEnumerable<RevisionRange> ranges)
    {
        var result = new List<RevisionRange>();
        foreach (var range in ranges.OrderBy(static range => range.Min))
        {
            var (min, max) = (Math.Max(range.Min.Value, Smallest), Math.Min(range.Max.Value, Largest));
            if (min > max)
            {
                continue;
            }

            if (result.Count > 0 && min <= result[^1].Max.Value + 1)
            {
                result[^1] = result[^1] with { Max = new RevisionId(Math.Max(max, result[^1].Max.Value)) };
            }
            else
            {
                result.Add(new RevisionRange(new RevisionId(min), new RevisionId(max)));
            }
        }

        return result;
    }

    /// <summary>The body of a listing. A range of one id is widened, because the server refuses it (arangodb-protocol 10.7).</summary>
    public static byte[] Body(IEnumerable<RevisionRange> ranges)
    {
        var body = new StringBuilder("[");
        foreach (var range in ranges)
        {
            var (min, max) = range.Min != range.Max ? range : Widened(range.Min.Value);
            body.Append(body.Length > 1 ? "," : null).Append("[\"").Append(min.ToHlc()).Append("\",\"").Append(max.ToHlc()).Append("\"]");
        }

        return Encoding.ASCII.GetBytes(body.Append(']').ToString());
    }

    /// <summary>Ids below the wanted one are passed over on arrival, so nothing is reported twice when the next range begins right behind.</summary>
    private static RevisionRange Widened(ulong id) =>
        id > Smallest
            ? new RevisionRange(new RevisionId(id - 1), new RevisionId(id))
            : new RevisionRange(new RevisionId(id), new RevisionId(id + 1));
}
