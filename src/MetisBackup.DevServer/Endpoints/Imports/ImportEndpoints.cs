using System.Text.Json;
using MetisBackup.Arango.Protocol;
using MetisBackup.DevServer.Endpoints.Documents;
using MetisBackup.DevServer.Engine;
using MetisBackup.DevServer.Hosting;

namespace MetisBackup.DevServer.Endpoints.Imports;

/// <summary><c>POST /_api/import</c>: lines of documents, an array of documents, or an array of names followed by arrays of values.</summary>
internal static class ImportEndpoints
{
    private const string Path = "/_api/import";

    public static void Map(RouteTable routes, ServerContext server)
    {
        routes.Map($"POST {Path}", request => Import(request, server));
        routes.Map($"POST {Path}/{{*rest}}", static _ => throw new ArangoException(
            400, ErrorNumber.SuperfluousSuffices, $"superfluous suffix, expecting {Path}?collection=<identifier>"));
    }

    private static ArangoResponse Import(ArangoRequest request, ServerContext server)
    {
        var type = request.Query.Text("type");
        var collection = request.Query.Text("collection");
        if (string.IsNullOrEmpty(collection))
        {
            throw new ArangoException(
                400,
                ErrorNumber.CollectionParameterMissing,
                $"'collection' is missing, expecting {Path}?collection=<identifier>");
        }

        if (type is not (null or "documents" or "array" or "list" or "auto"))
        {
            type = null;
        }

        if (type == "auto")
        {
            type = request.Body.Span.TrimStart(" \t\r\n\b\f"u8) is [(byte)'[', ..] ? "list" : "documents";
        }

        var names = type is null ? ReadNames(request.Body.Span, out _) : null;
        var options = ImportOptions.Of(request.Query);
        var synced = options.WaitForSync || server.WaitsForSync(request.Database, collection);
        return server.Write(request, collection, synced, (transaction, info) =>
        {
            var importer = new Importer(transaction, info, options);
            switch (type)
            {
                case "documents":
                    ImportLines(request.Body.Span, importer);
                    break;
                case null:
                    ImportTuples(request.Body.Span, names!, importer, options.Line);
                    break;
                default:
                    ImportList(request.Body, importer);
                    break;
            }

            return importer.Result.ToResponse(options.Details);
        });
    }

    private static void ImportLines(ReadOnlySpan<byte> body, Importer importer)
    {
        var number = 0L;
        while (!body.IsEmpty)
        {
            var line = TakeLine(ref body);
            number++;
            if (line.IsEmpty)
            {
                if (!body.IsEmpty)
                {
                    importer.Result.Empty++;
                }
            }
            else if (!IsJson(line))
            {
                importer.RefuseLine(line, number);
            }
            else
            {
                importer.Import(line, number);
            }
        }
    }

    private static void ImportList(ReadOnlyMemory<byte> body, Importer importer)
    {
        try
        {
            var reader = new Utf8JsonReader(body.Span, new JsonReaderOptions { MaxDepth = DocumentBatch.MaxDepth });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
            {
                throw ArangoErrors.HttpBadParameter("expecting a JSON array in the request");
            }

            var number = 0L;
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                importer.Import(body.Span[start..(int)reader.BytesConsumed], ++number);
            }

            reader.Read();
        }
        catch (JsonException e)
        {
            throw ArangoErrors.HttpBadParameter($"expecting a valid JSON array in the request. got: {e.Message}");
        }
    }

    private static void ImportTuples(ReadOnlySpan<byte> body, IReadOnlyList<JsonEncodedText> names, Importer importer, long firstLine)
    {
        ReadNames(body, out var headerLength);
        body = body[headerLength..];
        var number = firstLine;
        using var buffer = new PooledBuffer();
        while (!body.IsEmpty)
        {
            var line = TakeLine(ref body);
            number++;
            if (line.IsEmpty)
            {
                importer.Result.Empty++;
                continue;
            }

            buffer.Truncate(0);
            if (IsJson(line) && TryZip(line, names, buffer))
            {
                importer.Import(buffer.Span, number);
            }
            else
            {
                importer.RefuseLine(line, number);
            }
        }
    }

    /// <summary>The array of attribute names in the first line.</summary>
    private static List<JsonEncodedText> ReadNames(ReadOnlySpan<byte> body, out int length)
    {
        var end = body.IndexOf((byte)'\n');
        if (end < 0)
        {
            throw ArangoErrors.HttpBadParameter("no JSON array found in second line");
        }

        length = end + 1;
        var names = new List<JsonEncodedText>();
        try
        {
            var reader = new Utf8JsonReader(body[..end]);
            if (reader.Read() && reader.TokenType == JsonTokenType.StartArray)
            {
                while (reader.Read() && reader.TokenType == JsonTokenType.String)
                {
                    names.Add(JsonEncodedText.Encode(reader.GetString()!, ArangoResponse.WriterOptions.Encoder));
                }

                if (reader.TokenType == JsonTokenType.EndArray && names.Count > 0)
                {
                    return names;
                }
            }
        }
        catch (JsonException)
        {
            throw NoNames();
        }

        throw NoNames();
    }

    private static ArangoException NoNames() => ArangoErrors.HttpBadParameter("no JSON string array found in first line");

    /// <summary>Writes an object of names and values; values that are null are left out.</summary>
    private static bool TryZip(ReadOnlySpan<byte> line, IReadOnlyList<JsonEncodedText> names, PooledBuffer output)
    {
        var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = DocumentBatch.MaxDepth });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
        {
            return false;
        }

        output.Append((byte)'{');
        var isFirst = true;
        foreach (var name in names)
        {
            if (!reader.Read() || reader.TokenType == JsonTokenType.EndArray)
            {
                return false;
            }

            var start = (int)reader.TokenStartIndex;
            var isNull = reader.TokenType == JsonTokenType.Null;
            reader.Skip();
            if (isNull)
            {
                continue;
            }

            output.Append(isFirst ? "\""u8 : ",\""u8);
            output.Append(name.EncodedUtf8Bytes);
            output.Append("\":"u8);
            output.Append(line[start..(int)reader.BytesConsumed]);
            isFirst = false;
        }

        output.Append((byte)'}');
        return reader.Read() && reader.TokenType == JsonTokenType.EndArray;
    }

    private static ReadOnlySpan<byte> TakeLine(ref ReadOnlySpan<byte> body)
    {
        var end = body.IndexOf((byte)'\n');
        var line = end < 0 ? body : body[..end];
        body = end < 0 ? [] : body[(end + 1)..];
        return line.Trim(" \t\r\b\f"u8);
    }

    private static bool IsJson(ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = DocumentBatch.MaxDepth });
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
