using System.Buffers;
using System.Text;

namespace MetisBackup.DevServer.Engine;

/// <summary>Texts in quotes, with only the escapes that JSON demands; everything else stays raw UTF-8.</summary>
internal static class CanonicalText
{
    public static void Write(ArrayBufferWriter<byte> output, string text) => Write(output, Encoding.UTF8.GetBytes(text));

    public static void Write(ArrayBufferWriter<byte> output, ReadOnlySpan<byte> text)
    {
        var room = output.GetSpan((6 * text.Length) + 2);
        var at = 0;
        room[at++] = (byte)'"';
        foreach (var unit in text)
        {
            if (unit >= 0x20 && unit is not ((byte)'"' or (byte)'\\'))
            {
                room[at++] = unit;
            }
            else
            {
                at += WriteEscape(room[at..], unit);
            }
        }

        room[at++] = (byte)'"';
        output.Advance(at);
    }

    private static int WriteEscape(Span<byte> output, byte unit)
    {
        var letter = unit switch
        {
            (byte)'"' or (byte)'\\' => unit,
            (byte)'\b' => (byte)'b',
            (byte)'\f' => (byte)'f',
            (byte)'\n' => (byte)'n',
            (byte)'\r' => (byte)'r',
            (byte)'\t' => (byte)'t',
            _ => (byte)'u',
        };
        output[0] = (byte)'\\';
        output[1] = letter;
        if (letter != 'u' || unit == 'u')
        {
            return 2;
        }

        "00"u8.CopyTo(output[2..]);
        output[4] = "0123456789ABCDEF"u8[unit >> 4];
        output[5] = "0123456789ABCDEF"u8[unit & 15];
        return 6;
    }
}
