using System.Buffers.Text;
using System.Globalization;

namespace MetisBackup.Core.Revisions;

/// <summary>
/// The 64-bit revision id of a stored document version: milliseconds since 1970 in the upper 44 bits, a logical counter in the
/// lower 20. Ordered as an unsigned number (arangodb-protocol 10.2).
/// </summary>
/// <remarks>
/// Two texts exist. The <em>HLC form</em> writes every id in the 64-character alphabet; the <em>_rev form</em> writes ids up to
/// <see cref="TickLimit"/> as decimal. Neither parser ever throws, and the _rev form is not the inverse of its parser for 0 and for
/// ids whose alphabet form begins with a digit.
/// </remarks>
/// <param name="Value">The id; 2^64-1 stands for a text that could not be decoded.</param>
public readonly record struct RevisionId(ulong Value) : IComparable<RevisionId>
{
    /// <summary>Ids up to this one are tick based and print as decimal in the _rev form.</summary>
    public const ulong TickLimit = 1_450_656_000_000;

    /// <summary>Room in bytes that any text form of an id fits in.</summary>
    public const int MaxTextLength = 13;

    /// <summary>What an undecodable text yields.</summary>
    public static readonly RevisionId Invalid = new(ulong.MaxValue);

    private const int MaxDigits = 11;
    private const byte NoDigit = 255;

    private static ReadOnlySpan<byte> Alphabet => "-_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"u8;

    private static ReadOnlySpan<byte> Digits =>
    [
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0, 255, 255,
        54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 255, 255, 255, 255, 255, 255,
        255, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
        17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 255, 255, 255, 255, 1,
        255, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42,
        43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 255, 255, 255, 255, 255,
    ];

    /// <summary>64-bit FNV-1a over the eight bytes of the id, little-endian: what revision trees combine (arangodb-protocol 10.3).</summary>
    public ulong Hash
    {
        get
        {
            const ulong Prime = 0x100000001b3;
            var hash = 0xcbf29ce484222325UL;
            for (var rest = 0; rest < 64; rest += 8)
            {
                hash = (hash ^ ((Value >> rest) & 0xff)) * Prime;
            }

            return hash;
        }
    }

    /// <summary>Reads the HLC form. More than 11 characters or one outside the alphabet yield <see cref="Invalid"/>; the empty text is 0.</summary>
    public static RevisionId ParseHlc(ReadOnlySpan<byte> text)
    {
        if (text.Length > MaxDigits)
        {
            return Invalid;
        }

        var value = 0UL;
        foreach (var character in text)
        {
            var digit = character < 128 ? Digits[character] : NoDigit;
            if (digit == NoDigit)
            {
                return Invalid;
            }

            value = (value << 6) | digit;
        }

        return new RevisionId(value);
    }

    /// <inheritdoc cref="ParseHlc(ReadOnlySpan{byte})"/>
    public static RevisionId ParseHlc(ReadOnlySpan<char> text)
    {
        Span<byte> narrow = stackalloc byte[MaxDigits];
        return text.Length <= MaxDigits && TryNarrow(text, narrow) ? ParseHlc(narrow[..text.Length]) : Invalid;
    }

    /// <summary>
    /// Reads a <c>_rev</c>: decimal when it begins with <c>1</c> to <c>9</c> (unchecked, modulo 2^64, as the server does), else the HLC form.
    /// </summary>
    public static RevisionId ParseRev(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty || text[0] is < (byte)'1' or > (byte)'9')
        {
            return ParseHlc(text);
        }

        var value = 0UL;
        foreach (var character in text)
        {
            value = unchecked((value * 10) + (ulong)(character - '0'));
        }

        return new RevisionId(value);
    }

    /// <inheritdoc cref="ParseRev(ReadOnlySpan{byte})"/>
    public static RevisionId ParseRev(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text[0] is < '1' or > '9')
        {
            return ParseHlc(text);
        }

        var value = 0UL;
        foreach (var character in text)
        {
            value = unchecked((value * 10) + (ulong)(character - '0'));
        }

        return new RevisionId(value);
    }

    /// <summary>The HLC form: no leading zero digits, the empty text for 0, at most 11 characters.</summary>
    public string ToHlc()
    {
        Span<byte> text = stackalloc byte[MaxTextLength];
        return System.Text.Encoding.ASCII.GetString(text[..WriteHlc(text)]);
    }

    /// <summary>The form of <c>_rev</c>: decimal up to <see cref="TickLimit"/>, the HLC form above.</summary>
    public string ToRev() => Value <= TickLimit ? Value.ToString(CultureInfo.InvariantCulture) : ToHlc();

    /// <summary>Writes the HLC form as ASCII and returns its length; <paramref name="destination"/> needs <see cref="MaxTextLength"/> bytes.</summary>
    public int WriteHlc(Span<byte> destination)
    {
        var length = (64 - System.Numerics.BitOperations.LeadingZeroCount(Value) + 5) / 6;
        var rest = Value;
        for (var position = length - 1; position >= 0; position--)
        {
            destination[position] = Alphabet[(int)(rest & 63)];
            rest >>= 6;
        }

        return length;
    }

    /// <summary>Writes the <c>_rev</c> form as ASCII and returns its length; <paramref name="destination"/> needs <see cref="MaxTextLength"/> bytes.</summary>
    public int WriteRev(Span<byte> destination)
    {
        if (Value > TickLimit)
        {
            return WriteHlc(destination);
        }

        return Utf8Formatter.TryFormat(Value, destination, out var length)
            ? length
            : throw new ArgumentException("The destination is too short for a revision.", nameof(destination));
    }

    /// <summary>The <c>_rev</c> form.</summary>
    public override string ToString() => ToRev();

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

    private static bool TryNarrow(ReadOnlySpan<char> text, Span<byte> destination)
    {
        for (var position = 0; position < text.Length; position++)
        {
            if (text[position] > 127)
            {
                return false;
            }

            destination[position] = (byte)text[position];
        }

        return true;
    }
}
