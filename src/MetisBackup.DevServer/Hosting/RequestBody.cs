using System.IO.Compression;
using MetisBackup.Arango.Protocol;
using MetisBackup.DevServer.Engine;
using Microsoft.AspNetCore.Http;

namespace MetisBackup.DevServer.Hosting;

/// <summary>The whole body of a request in one block; dispose it to give the block back.</summary>
internal readonly struct RequestBody : IDisposable
{
    private readonly byte[]? _block;

    private RequestBody(byte[] block, int length)
    {
        _block = block;
        Bytes = block.AsMemory(0, length);
    }

    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Reads as many bytes as Content-Length says (arangodb-protocol 1.1).</summary>
    /// <exception cref="ArangoException">501/E9 for a chunked body, 400/E400 for one that ends too early, 413/E1216 for more than 1 GiB.</exception>
    public static async ValueTask<RequestBody> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.Headers.TransferEncoding.Count > 0)
        {
            throw new ArangoException(501, ErrorNumber.NotImplemented, "chunked request bodies are not supported");
        }

        var length = request.ContentLength ?? 0;
        if (length == 0)
        {
            return default;
        }

        if (length > DevServerHost.MaxBodySize)
        {
            throw TooLarge();
        }

        return request.Headers.ContentEncoding.ToString().ToLowerInvariant() switch
        {
            "" or "identity" => await ReadPlainAsync(request, length, cancellationToken),
            "gzip" => await ReadPackedAsync(new GZipStream(request.Body, CompressionMode.Decompress), cancellationToken),
            "deflate" => await ReadPackedAsync(new ZLibStream(request.Body, CompressionMode.Decompress), cancellationToken),
            var other => throw ArangoErrors.HttpBadParameter($"content encoding '{other}' is not supported"),
        };
    }

    public void Dispose()
    {
        if (_block is not null)
        {
            MemoryBlocks.Return(_block);
        }
    }

    private static async ValueTask<RequestBody> ReadPlainAsync(HttpRequest request, long length, CancellationToken cancellationToken)
    {
        var block = MemoryBlocks.Rent(checked((int)length));
        var body = new RequestBody(block, (int)length);
        try
        {
            await request.Body.ReadExactlyAsync(block.AsMemory(0, (int)length), cancellationToken);
        }
        catch (EndOfStreamException)
        {
            body.Dispose();
            throw ArangoErrors.HttpBadParameter("the request body is shorter than its Content-Length");
        }
        catch
        {
            body.Dispose();
            throw;
        }

        return body;
    }

    private static async ValueTask<RequestBody> ReadPackedAsync(Stream stream, CancellationToken cancellationToken)
    {
        var block = MemoryBlocks.Rent(1 << 16);
        var length = 0;
        try
        {
            await using (stream)
            {
                while (await stream.ReadAsync(block.AsMemory(length), cancellationToken) is var read and > 0)
                {
                    length += read;
                    block = length < block.Length ? block : Enlarge(block, length);
                }
            }
        }
        catch (InvalidDataException e)
        {
            MemoryBlocks.Return(block);
            throw ArangoErrors.HttpBadParameter($"cannot decompress the request body: {e.Message}");
        }
        catch
        {
            MemoryBlocks.Return(block);
            throw;
        }

        return new RequestBody(block, length);
    }

    private static ArangoException TooLarge() => new(413, ErrorNumber.DocumentTooLarge, "request body too large");

    private static byte[] Enlarge(byte[] block, int length)
    {
        if (length >= DevServerHost.MaxBodySize)
        {
            throw TooLarge();
        }

        var larger = MemoryBlocks.Rent(2 * block.Length);
        block.AsSpan(0, length).CopyTo(larger);
        MemoryBlocks.Return(block);
        return larger;
    }
}
