using System.IO.Compression;

namespace MetisBackup.DevServer.Hosting;

/// <summary>A content encoding that answers can be sent in (arangodb-protocol 1.1).</summary>
/// <param name="Name">As in <c>Content-Encoding</c>.</param>
/// <param name="Open">Wraps a stream in one that packs.</param>
internal sealed record ResponsePacking(string Name, Func<Stream, Stream> Open)
{
    private static readonly ResponsePacking[] Known =
    [
        new("gzip", static stream => new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true)),
        new("deflate", static stream => new ZLibStream(stream, CompressionLevel.Fastest, leaveOpen: true)),
    ];

    /// <summary>The encoding that the client asks for; null where it names none that is known.</summary>
    /// <param name="acceptEncoding">The header of the request.</param>
    public static ResponsePacking? Of(string acceptEncoding)
    {
        if (acceptEncoding.Length == 0)
        {
            return null;
        }

        var accepted = acceptEncoding
            .Split(',', StringSplitOptions.TrimEntries)
            .Where(static item => !item.Replace(" ", "", StringComparison.Ordinal).EndsWith(";q=0", StringComparison.Ordinal))
            .Select(static item => item.Split(';')[0].TrimEnd())
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        return Array.Find(Known, packing => accepted.Contains(packing.Name));
    }

    /// <summary>The answer packed, or as it was where that would not make it smaller.</summary>
    public ArangoResponse Pack(ArangoResponse answer)
    {
        using var packed = new MemoryStream();
        using (var packer = Open(packed))
        {
            foreach (var block in answer.Body)
            {
                packer.Write(block.Span);
            }
        }

        return packed.Length < answer.Body.Length ? answer.WithBody(packed.ToArray()).With("content-encoding", Name) : answer;
    }
}
