using System.Buffers;
using MetisBackup.Arango.Protocol;
using MetisBackup.DevServer.Engine;
using Microsoft.AspNetCore.Http;

namespace MetisBackup.DevServer.Hosting;

/// <summary>The whole body of a request in a block from the shared pool; dispose it to give the block back.</summary>
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
    /// <exception cref="ArangoException">501/E9 for a chunked body, 400/E400 for one that ends too early.</exception>
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

        var block = ArrayPool<byte>.Shared.Rent(checked((int)length));
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

    public void Dispose()
    {
        if (_block is not null)
        {
            ArrayPool<byte>.Shared.Return(_block);
        }
    }
}
