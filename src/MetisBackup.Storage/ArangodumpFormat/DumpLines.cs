using System.Runtime.InteropServices;

namespace MetisBackup.Storage.ArangodumpFormat;

/// <summary>What one line says of one key.</summary>
/// <param name="Line">Where its document stands in <see cref="DumpLines.Documents"/>, with a line feed; empty for a removal.</param>
/// <param name="Key">Where the key stands in <see cref="DumpLines.Keys"/>.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct DumpedKey(Range Line, Range Key)
{
    /// <summary>The document was removed.</summary>
    public bool IsRemoval => Line.End.Value == Line.Start.Value;
}

/// <summary>Some lines of a data file without their envelopes. Valid until the next ones are read.</summary>
/// <param name="Documents">JSON Lines.</param>
/// <param name="Keys">Keys in UTF-8, one after the other.</param>
/// <param name="Lines">What each line says, in the order of the file.</param>
internal sealed record DumpLines(ReadOnlyMemory<byte> Documents, ReadOnlyMemory<byte> Keys, IReadOnlyList<DumpedKey> Lines);
