using System.Text.Json;
using MetisBackup.Core.Revisions;

namespace MetisBackup.Arango.Dump;

/// <summary>Turns the array that <c>PUT revisions/documents</c> answers into lines (arangodb-protocol 10.8).</summary>
internal static class DocumentsAnswer
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = int.MaxValue };

    /// <summary>
    /// Rewrites the answer in place as one document per line, each byte for byte, and returns the length of the lines and the number of
    /// documents. The documents must have the revisions that were asked for, in that order.
    /// </summary>
    /// <exception cref="FormatException">It is no such array.</exception>
    /// <exception cref="RevisionGoneException">A revision is missing.</exception>
    public static (int Length, int Documents) ToLines(Span<byte> json, ReadOnlySpan<ulong> wanted)
    {
        try
        {
            return Rewrite(json, wanted);
        }
        catch (JsonException error)
        {
            throw new FormatException("it is not JSON", error);
        }
    }

    private static (int Length, int Documents) Rewrite(Span<byte> json, ReadOnlySpan<ulong> wanted)
    {
        // What is behind the reader is overwritten while it goes on; it never looks back.
        var reader = new Utf8JsonReader(json, Options);
        var (length, documents) = (0, 0);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
        {
            throw new FormatException("it is not an array");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            if (documents == wanted.Length)
            {
                throw new FormatException("it holds more documents than were asked for");
            }

            var start = (int)reader.TokenStartIndex;
            var revision = ReadDocument(ref reader);
            if (revision?.Value != wanted[documents])
            {
                throw new RevisionGoneException(new RevisionId(wanted[documents]), revision);
            }

            var document = json[start..(int)reader.BytesConsumed];
            document.CopyTo(json[length..]);
            json.Slice(length, document.Length).ReplaceAny(LineBreaks, (byte)' ');
            length += document.Length;
            json[length++] = (byte)'\n';
            documents++;
        }

        return reader.TokenType == JsonTokenType.EndArray ? (length, documents) : throw new FormatException("it holds something that is not a document");
    }

    /// <summary>Between the attributes only: inside of a text JSON writes them as escapes.</summary>
    private static readonly System.Buffers.SearchValues<byte> LineBreaks = System.Buffers.SearchValues.Create("\r\n"u8);

    private static RevisionId? ReadDocument(ref Utf8JsonReader reader)
    {
        RevisionId? revision = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isRevision = reader.ValueTextEquals("_rev"u8);
            reader.Read();
            if (isRevision && reader.TokenType == JsonTokenType.String)
            {
                revision = reader.ValueIsEscaped ? RevisionId.ParseRev(reader.GetString()) : RevisionId.ParseRev(reader.ValueSpan);
            }

            reader.Skip();
        }

        return revision;
    }
}

/// <summary>The server did not give the document of a revision that it had listed.</summary>
internal sealed class RevisionGoneException(RevisionId wanted, RevisionId? got) : Exception(
    got is { } other ? $"it holds revision {other} instead of {wanted}" : $"revision {wanted} is missing");
