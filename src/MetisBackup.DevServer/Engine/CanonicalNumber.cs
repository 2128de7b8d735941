using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;

namespace MetisBackup.DevServer.Engine;

/// <summary>Numbers as the server prints them after having read them (arangodb-protocol 8.4).</summary>
internal static class CanonicalNumber
{
    /// <summary>Room that every canonical number fits in, beside the length of its source.</summary>
    public const int MaxLength = 48;

    private const double ExactFrom = 9_007_199_254_740_992;
    private const double ExactBelow = 18_446_744_073_709_551_616d;

    /// <summary>Writes the number and returns its length. Integers up to 64 bits keep their digits, <c>-0</c> its sign; everything else is a double.</summary>
    /// <exception cref="JsonException">The number is larger than a double can hold.</exception>
    public static int Write(ReadOnlySpan<byte> source, Span<byte> output)
    {
        if (source.IndexOfAny((byte)'.', (byte)'e', (byte)'E') < 0 && IsInteger(source))
        {
            source.CopyTo(output);
            return source.Length;
        }

        if (!Utf8Parser.TryParse(source, out double value, out _) || !double.IsFinite(value))
        {
            throw new JsonException("Number out of range");
        }

        return Write(value, output);
    }

    /// <summary>Writes a double: digits and <c>.0</c> from 2^53 below 2^64, else the shortest text that reads back the same.</summary>
    public static int Write(double value, Span<byte> output)
    {
        var size = Math.Abs(value);
        if (size is >= ExactFrom and < ExactBelow)
        {
            value.TryFormat(output, out var whole, "F1", CultureInfo.InvariantCulture);
            return whole;
        }

        Span<byte> shortest = stackalloc byte[32];
        value.TryFormat(shortest, out var length, "R", CultureInfo.InvariantCulture);
        Span<byte> digits = stackalloc byte[32];
        var (count, exponent, negative) = Split(shortest[..length], digits);
        var at = 0;
        if (negative)
        {
            output[at++] = (byte)'-';
        }

        return at + Emit(digits[..count], exponent, output[at..]);
    }

    private static bool IsInteger(ReadOnlySpan<byte> source) =>
        source[0] == '-'
            ? Utf8Parser.TryParse(source, out long _, out var used) && used == source.Length
            : Utf8Parser.TryParse(source, out ulong _, out used) && used == source.Length;

    /// <summary>Significant digits without zeros at either end, and the power of ten of the last one.</summary>
    private static (int Count, int Exponent, bool Negative) Split(ReadOnlySpan<byte> text, Span<byte> digits)
    {
        var negative = text[0] == '-';
        var mantissa = negative ? text[1..] : text;
        var exponent = 0;
        var e = mantissa.IndexOf((byte)'E');
        if (e >= 0)
        {
            exponent = int.Parse(mantissa[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            mantissa = mantissa[..e];
        }

        var count = 0;
        var behindPoint = false;
        foreach (var unit in mantissa)
        {
            if (unit == '.')
            {
                behindPoint = true;
                continue;
            }

            exponent -= behindPoint ? 1 : 0;
            if (unit != '0' || count > 0)
            {
                digits[count++] = unit;
            }
        }

        while (count > 1 && digits[count - 1] == '0')
        {
            count--;
            exponent++;
        }

        if (count == 0)
        {
            digits[count++] = (byte)'0';
            exponent = 0;
        }

        return (count, exponent, negative);
    }

    /// <summary>The layout rules of the server's number printer: plain digits, a decimal point, or an exponent.</summary>
    private static int Emit(ReadOnlySpan<byte> digits, int power, Span<byte> output)
    {
        var count = digits.Length;
        var exponent = Math.Abs(power + count - 1);
        if (power >= 0 && exponent < count + 7)
        {
            digits.CopyTo(output);
            output.Slice(count, power).Fill((byte)'0');
            return count + power;
        }

        if (power < 0 && (power > -7 || exponent < 4))
        {
            return EmitPoint(digits, count + power, output);
        }

        var at = 0;
        output[at++] = digits[0];
        if (count > 1)
        {
            output[at++] = (byte)'.';
            digits[1..].CopyTo(output[at..]);
            at += count - 1;
        }

        output[at++] = (byte)'e';
        output[at++] = power + count - 1 < 0 ? (byte)'-' : (byte)'+';
        exponent.TryFormat(output[at..], out var written, provider: CultureInfo.InvariantCulture);
        return at + written;
    }

    private static int EmitPoint(ReadOnlySpan<byte> digits, int before, Span<byte> output)
    {
        if (before > 0)
        {
            digits[..before].CopyTo(output);
            output[before] = (byte)'.';
            digits[before..].CopyTo(output[(before + 1)..]);
            return digits.Length + 1;
        }

        "0."u8.CopyTo(output);
        output.Slice(2, -before).Fill((byte)'0');
        digits.CopyTo(output[(2 - before)..]);
        return 2 - before + digits.Length;
    }
}
