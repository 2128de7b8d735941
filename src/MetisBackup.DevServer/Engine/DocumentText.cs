using System.Buffers;
using System.Text;
using MetisBackup.Core.Revisions;

namespace MetisBackup.DevServer.Engine;

/// <summary>A document as it arrived: its system attributes taken out, the rest in canonical form.</summary>
internal readonly record struct ParsedDocument
{
    /// <summary>Null where the attribute is missing; <see cref="KeyIsText"/> tells a wrong type apart.</summary>
    public string? Key { get; init; }

    /// <summary>False where <c>_key</c> is there but not a text.</summary>
    public bool KeyIsText { get; init; }

    /// <summary>Null where the attribute is missing or not a text; the same for the three that follow.</summary>
    public string? Id { get; init; }

    public string? Revision { get; init; }

    public string? From { get; init; }

    public string? To { get; init; }

    /// <summary>Ready for <see cref="StoredDocument.Body"/>; edges have <c>_from</c> and <c>_to</c> in front.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }
}

/// <summary>Between the text of a document and the form that is stored.</summary>
internal static class DocumentText
{
    private const int NestingLimit = 200;

    /// <summary>
    /// Reads one JSON object and brings it to the canonical form (arangodb-protocol 8.4). System attributes leave the body; <c>_from</c>
    /// and <c>_to</c> too, and come back in front where <paramref name="isEdge"/>.
    /// </summary>
    /// <exception cref="ArangoException">400/E600: not valid JSON or a repeated attribute; 400/E1227: not an object.</exception>
    public static ParsedDocument Parse(ReadOnlySpan<byte> json, bool isEdge) => DocumentReader.Read(json, isEdge, NestingLimit);

    /// <summary>Writes the document as it is served: <c>_key</c>, <c>_id</c>, <c>_rev</c>, then the body's attributes.</summary>
    public static void Write(IBufferWriter<byte> output, string collection, in StoredDocument document)
    {
        Span<byte> key = stackalloc byte[256];
        var length = Encoding.UTF8.GetBytes(document.Key, key);
        Write(output, Encoding.UTF8.GetBytes(collection), key[..length], document.Revision, document.Body.Span);
    }

    /// <summary>The same from the parts that a cursor shows.</summary>
    public static void Write(
        IBufferWriter<byte> output, ReadOnlySpan<byte> collection, ReadOnlySpan<byte> key, RevisionId revision, ReadOnlySpan<byte> body)
    {
        var span = output.GetSpan((2 * key.Length) + (6 * collection.Length) + body.Length + RevisionId.MaxTextLength + 40);
        var at = Append(span, 0, "{\"_key\":\""u8);
        at = Append(span, at, key);
        at = Append(span, at, "\",\"_id\":\""u8);
        at = AppendName(span, at, collection);
        span[at++] = (byte)'/';
        at = Append(span, at, key);
        at = Append(span, at, "\",\"_rev\":\""u8);
        at += revision.WriteRev(span[at..]);
        span[at++] = (byte)'"';
        if (body.Length > 2)
        {
            span[at++] = (byte)',';
            at = Append(span, at, body[1..]);
        }
        else
        {
            span[at++] = (byte)'}';
        }

        output.Advance(at);
    }

    /// <summary>The same as one block of memory.</summary>
    public static byte[] ToBytes(string collection, in StoredDocument document)
    {
        var output = new ArrayBufferWriter<byte>(document.Body.Length + 256);
        Write(output, collection, document);
        return output.WrittenSpan.ToArray();
    }

    private static int Append(Span<byte> output, int at, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(output[at..]);
        return at + bytes.Length;
    }

    /// <summary>Collection names may hold quotes and backslashes, but no control characters (arangodb-protocol 1.3).</summary>
    private static int AppendName(Span<byte> output, int at, ReadOnlySpan<byte> name)
    {
        if (name.IndexOfAny((byte)'"', (byte)'\\') < 0)
        {
            return Append(output, at, name);
        }

        foreach (var unit in name)
        {
            if (unit is (byte)'"' or (byte)'\\')
            {
                output[at++] = (byte)'\\';
            }

            output[at++] = unit;
        }

        return at;
    }
}
