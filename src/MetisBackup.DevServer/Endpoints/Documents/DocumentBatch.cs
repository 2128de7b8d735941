using System.Text.Json;
using MetisBackup.DevServer.Engine;
using MetisBackup.DevServer.Hosting;

namespace MetisBackup.DevServer.Endpoints.Documents;

/// <summary>
/// Goes through the array of a batch call item by item, straight in the body. A failing item becomes an error object, the others are done.
/// </summary>
internal sealed class DocumentBatch(DocumentAnswers answers, bool silent)
{
    /// <summary>How deeply a batch may be nested: a document's limit and the array around it.</summary>
    public const int MaxDepth = 201;

    private readonly SortedDictionary<int, int> _errors = [];
    private int _written;

    /// <summary>Does one item.</summary>
    internal delegate DocumentOutcome Operation(ReadOnlySpan<byte> json);

    /// <summary>Does one item and writes its result itself.</summary>
    internal delegate void Writing(ReadOnlySpan<byte> json, PooledBuffer output);

    /// <summary>Errors by number.</summary>
    public SortedDictionary<int, int> Errors => _errors;

    /// <summary>True where the body is an array, false where it is one object.</summary>
    /// <exception cref="ArangoException">400/E600: no JSON; 400/E1227: another kind of value.</exception>
    public static bool IsArray(ReadOnlyMemory<byte> body)
    {
        var reader = new Utf8JsonReader(body.Span, new JsonReaderOptions { MaxDepth = MaxDepth });
        Read(ref reader);
        return reader.TokenType switch
        {
            JsonTokenType.StartArray => true,
            JsonTokenType.StartObject => false,
            _ => throw new ArangoException(400, Arango.Protocol.ErrorNumber.DocumentTypeInvalid, "invalid document type"),
        };
    }

    /// <summary>Runs an operation on each item and writes the array of results.</summary>
    public void Run(ReadOnlyMemory<byte> body, PooledBuffer output, Operation operation)
    {
        Run(body, output, (json, buffer) =>
        {
            var outcome = operation(json);
            if (!silent)
            {
                Separate(buffer);
                answers.Write(buffer, outcome);
            }
        });
    }

    /// <summary>Runs an operation that writes its own result; <see cref="Separate"/> comes first.</summary>
    public void Run(ReadOnlyMemory<byte> body, PooledBuffer output, Writing operation)
    {
        var bytes = body.Span;
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = MaxDepth });
        Read(ref reader);
        output.Append((byte)'[');
        while (true)
        {
            Read(ref reader);
            if (reader.TokenType == JsonTokenType.EndArray)
            {
                break;
            }

            var start = (int)reader.TokenStartIndex;
            Skip(ref reader);
            RunItem(bytes[start..(int)reader.BytesConsumed], output, operation);
        }

        ReadEnd(ref reader);
        output.Append((byte)']');
    }

    /// <summary>Puts a comma between results.</summary>
    public void Separate(PooledBuffer output)
    {
        if (_written++ > 0)
        {
            output.Append((byte)',');
        }
    }

    private void RunItem(ReadOnlySpan<byte> json, PooledBuffer output, Writing operation)
    {
        try
        {
            operation(json, output);
        }
        catch (ArangoException e) when (e.ErrorNumber != Arango.Protocol.ErrorNumber.CorruptedJson)
        {
            _errors[e.ErrorNumber] = _errors.GetValueOrDefault(e.ErrorNumber) + 1;
            Separate(output);
            DocumentAnswers.WriteError(output, e);
        }
    }

    private static void Read(ref Utf8JsonReader reader)
    {
        try
        {
            if (!reader.Read())
            {
                throw ArangoErrors.CorruptedJson("VPackError error: Expecting digit");
            }
        }
        catch (JsonException e)
        {
            throw ArangoErrors.InvalidJson(e);
        }
    }

    private static void ReadEnd(ref Utf8JsonReader reader)
    {
        try
        {
            reader.Read();
        }
        catch (JsonException e)
        {
            throw ArangoErrors.InvalidJson(e);
        }
    }

    private static void Skip(ref Utf8JsonReader reader)
    {
        try
        {
            reader.Skip();
        }
        catch (JsonException e)
        {
            throw ArangoErrors.InvalidJson(e);
        }
    }
}
