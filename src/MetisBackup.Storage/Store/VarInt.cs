namespace MetisBackup.Storage.Store;

/// <summary>Unsigned numbers in 7-bit groups, the lowest first, as LEB128 writes them.</summary>
internal static class VarInt
{
    public const int MaxLength = 10;

    public static int Write(Span<byte> destination, ulong value)
    {
        var length = 0;
        for (; value >= 0x80; value >>= 7)
        {
            destination[length++] = (byte)(value | 0x80);
        }

        destination[length++] = (byte)value;
        return length;
    }

    /// <summary>Reads a number and moves behind it.</summary>
    /// <exception cref="FormatException">The number does not end or is too large.</exception>
    public static ulong Read(ReadOnlySpan<byte> source, ref int position)
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (position >= source.Length)
            {
                break;
            }

            var part = source[position++];
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }

        throw new FormatException("a number does not end");
    }

    /// <summary>Maps small numbers of either sign to small unsigned ones.</summary>
    public static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));

    public static long ZigZag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);
}
