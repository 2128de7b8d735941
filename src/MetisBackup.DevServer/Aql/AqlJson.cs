using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using MetisBackup.DevServer.Engine;

namespace MetisBackup.DevServer.Aql;

/// <summary>How values of queries become JSON.</summary>
internal static class AqlJson
{
    /// <summary>Deeper than any document the server accepts.</summary>
    private const int MaxDepth = 1000;

    public static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = MaxDepth };

    public static readonly JsonWriterOptions WriterOptions =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = MaxDepth, SkipValidation = true };

    public static ReadOnlyMemory<byte> ToUtf8(AqlValue value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        Write(buffer, value);
        return buffer.WrittenMemory;
    }

    /// <summary>Writes one value; a stored document goes out byte for byte.</summary>
    public static void Write(IBufferWriter<byte> output, AqlValue value)
    {
        if (value is AqlDocument document)
        {
            DocumentText.Write(output, document.Collection, document.Stored);
            return;
        }

        using var writer = new Utf8JsonWriter(output, WriterOptions);
        value.WriteTo(writer);
    }
}
