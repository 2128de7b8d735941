using System.Net;
using System.Net.Http.Headers;

namespace MetisBackup.Arango.Restore;

/// <summary>
/// Lines of JSON as one JSON array, of known length and without a copy: the line ends of the buffer become commas and the closing
/// bracket in place.
/// </summary>
internal sealed class JsonArrayContent : HttpContent
{
    private static readonly byte[] Opening = "["u8.ToArray();
    private readonly ReadOnlyMemory<byte> _rest;

    private JsonArrayContent(ReadOnlyMemory<byte> rest)
    {
        _rest = rest;
        Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
    }

    /// <summary>Turns the lines, of which each has its end, into all of an array but its opening bracket. A raw line end cannot be part of a JSON text.</summary>
    public static void Convert(Span<byte> lines)
    {
        if (lines.IsEmpty || lines[^1] != (byte)'\n')
        {
            throw new ArgumentException("Lines must be there and end with a line end.", nameof(lines));
        }

        lines.Replace((byte)'\n', (byte)',');
        lines[^1] = (byte)']';
    }

    /// <summary>The body for what <see cref="Convert"/> made.</summary>
    public static JsonArrayContent Of(ReadOnlyMemory<byte> converted) => new(converted);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.WriteAsync(Opening);
        await stream.WriteAsync(_rest);
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(Opening, cancellationToken);
        await stream.WriteAsync(_rest, cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = Opening.Length + _rest.Length;
        return true;
    }
}
