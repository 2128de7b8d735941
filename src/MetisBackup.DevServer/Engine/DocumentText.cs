using System.Buffers;

namespace MetisBackup.DevServer.Engine;

/// <summary>A document as it arrived: its system attributes taken out, the rest in canonical form.</summary>
internal readonly record struct ParsedDocument
{
    /// <summary>Null where the attribute is missing; <see cref="KeyIsText"/> tells a wrong type apart.</summary>
    public string? Key { get; init; }

    /// <summary>False where <c>_key</c> is there but not a text.</summary>
    public bool KeyIsText { get; init; }

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
    /// <summary>Reads one JSON object and brings it to the canonical form (arangodb-protocol 8.4).</summary>
    /// <exception cref="ArangoException">400/E600: not valid JSON or a repeated attribute; 400/E1227: not an object.</exception>
    public static ParsedDocument Parse(ReadOnlySpan<byte> json, bool isEdge) => throw new NotImplementedException();

    /// <summary>Writes the document as it is served: <c>_key</c>, <c>_id</c>, <c>_rev</c>, then the body's attributes.</summary>
    public static void Write(IBufferWriter<byte> output, string collection, in StoredDocument document) => throw new NotImplementedException();

    /// <summary>The same as one block of memory.</summary>
    public static byte[] ToBytes(string collection, in StoredDocument document) => throw new NotImplementedException();
}
