using System.Buffers;
using System.Buffers.Text;

namespace MetisBackup.Core.Revisions;

/// <summary>Writes the JSON form of a revision tree, byte for byte as the server does (arangodb-protocol 10.5).</summary>
internal static class RevisionTreeWriter
{
    public static void Write(RevisionTree tree, IBufferWriter<byte> output, RevisionTreeForm form)
    {
        output.Write("{\"version\":1,\"maxDepth\":6,\"rangeMax\":\""u8);
        WriteHlc(output, tree.RangeMax);
        output.Write("\",\"rangeMin\":\""u8);
        WriteHlc(output, tree.RangeMin);
        output.Write("\",\"initialRangeMin\":\""u8);
        WriteHlc(output, tree.InitialRangeMin);
        output.Write("\",\"count\":"u8);
        WriteNumber(output, tree.Count);
        output.Write(",\"hash\":"u8);
        WriteNumber(output, tree.Hash);
        output.Write(",\"nodes\":["u8);
        WriteNodes(tree.Leaves, output, form);
        output.Write("]}"u8);
    }

    private static void WriteNodes(RevisionLeaves leaves, IBufferWriter<byte> output, RevisionTreeForm form)
    {
        for (var next = 0; next < RevisionTree.LeafCount;)
        {
            var populated = leaves.NextPopulated(next);
            if (form != RevisionTreeForm.Populated)
            {
                WriteEmpty(output, next, populated, form == RevisionTreeForm.Full ? "{\"count\":0,\"hash\":0}"u8 : "{}"u8);
            }
            else if (populated < RevisionTree.LeafCount)
            {
                WriteGap(output, next, populated - next);
            }

            if (populated < RevisionTree.LeafCount)
            {
                WriteLeaf(output, populated, leaves[populated]);
            }

            next = populated + 1;
        }
    }

    private static void WriteEmpty(IBufferWriter<byte> output, int from, int to, ReadOnlySpan<byte> spelling)
    {
        for (var index = from; index < to; index++)
        {
            Separate(output, index);
            output.Write(spelling);
        }
    }

    private static void WriteGap(IBufferWriter<byte> output, int from, int length)
    {
        if (length == 0)
        {
            return;
        }

        Separate(output, from);
        if (length == 1)
        {
            output.Write("{}"u8);
            return;
        }

        output.Write("{\"skip\":"u8);
        WriteNumber(output, (ulong)length);
        output.Write("}"u8);
    }

    private static void WriteLeaf(IBufferWriter<byte> output, int index, RevisionLeaf leaf)
    {
        Separate(output, index);
        output.Write("{\"count\":"u8);
        WriteNumber(output, leaf.Count);
        output.Write(",\"hash\":"u8);
        WriteNumber(output, leaf.Hash);
        output.Write("}"u8);
    }

    private static void Separate(IBufferWriter<byte> output, int index)
    {
        if (index > 0)
        {
            output.Write(","u8);
        }
    }

    private static void WriteNumber(IBufferWriter<byte> output, ulong number)
    {
        const int Digits = 20;
        _ = Utf8Formatter.TryFormat(number, output.GetSpan(Digits), out var length);
        output.Advance(length);
    }

    private static void WriteHlc(IBufferWriter<byte> output, RevisionId revision) =>
        output.Advance(revision.WriteHlc(output.GetSpan(RevisionId.MaxTextLength)));
}
