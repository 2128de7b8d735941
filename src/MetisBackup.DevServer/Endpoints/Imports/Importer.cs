using System.Text.Json;
using MetisBackup.Arango.Protocol;
using MetisBackup.DevServer.Endpoints.Documents;
using MetisBackup.DevServer.Engine;
using MetisBackup.DevServer.Hosting;

namespace MetisBackup.DevServer.Endpoints.Imports;

/// <summary>Imports documents one after the other and keeps the account.</summary>
internal sealed class Importer
{
    private readonly CollectionRules _rules;
    private readonly ImportOptions _options;
    private readonly ReadTransaction _transaction;
    private readonly DocumentWriter _inserter;
    private readonly DocumentWriter _overwriter;
    private long _position;

    public Importer(WriteTransaction transaction, CollectionInfo collection, ImportOptions options)
    {
        _rules = new CollectionRules(collection);
        _options = options;
        _transaction = transaction;
        _inserter = new DocumentWriter(transaction, _rules, new DocumentOptions());
        _overwriter = new DocumentWriter(transaction, _rules, new DocumentOptions { Overwrite = options.OnDuplicate });
        if (options.Overwrite)
        {
            transaction.Truncate(collection);
        }
    }

    public ImportResult Result { get; } = new();

    /// <summary>Imports one document.</summary>
    /// <param name="json">Its text.</param>
    /// <param name="line">Its number for errors of form, from 1.</param>
    /// <exception cref="ArangoException">The first error of an import that is to be complete.</exception>
    public void Import(ReadOnlySpan<byte> json, long line)
    {
        if (!IsObject(json))
        {
            Refuse(new ArangoException(400, ErrorNumber.DocumentTypeInvalid, "invalid document type"), line, json);
            return;
        }

        if (_rules.IsEdge)
        {
            json = WithPrefixes(json);
            if (!HasEnds(json))
            {
                Fail(ArangoErrors.EdgeAttributeMissing(), line, "missing '_from' or '_to' attribute, offending document: ", json);
                return;
            }
        }

        var position = _position++;
        try
        {
            Store(json);
        }
        catch (ArangoException e)
        {
            Fail(e, position, $"creating document failed with error '{PlainMessage(e)}', offending document: ", Compact(json));
        }
    }

    /// <summary>Notes a line that is no JSON.</summary>
    /// <exception cref="ArangoException">In an import that is to be complete.</exception>
    public void RefuseLine(ReadOnlySpan<byte> text, long line) => Fail(
        new ArangoException(500, ErrorNumber.Internal, "internal error"),
        line,
        "invalid JSON type (expecting object, probably parse error), offending context: ",
        text);

    private static bool IsObject(ReadOnlySpan<byte> json) => json.TrimStart(" \t\r\n"u8) is [(byte)'{', ..];

    private static string PlainMessage(ArangoException error) =>
        error.ErrorNumber == ErrorNumber.UniqueViolation ? "unique constraint violated" : error.Message;

    private static byte[] Compact(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = DocumentBatch.MaxDepth });
        var value = JsonElement.ParseValue(ref reader);
        using var buffer = new PooledBuffer(json.Length + 64);
        using (var writer = new Utf8JsonWriter(buffer, ArangoResponse.WriterOptions))
        {
            value.WriteTo(writer);
        }

        return buffer.Span.ToArray();
    }

    private static bool HasEnds(ReadOnlySpan<byte> json)
    {
        var parsed = DocumentText.Parse(json, isEdge: true);
        return parsed is { From: not null, To: not null };
    }

    private void Store(ReadOnlySpan<byte> json)
    {
        if (_options.OnDuplicate == OverwriteMode.Conflict)
        {
            _inserter.Insert(json);
            Result.Created++;
            return;
        }

        var key = DocumentText.Parse(json, _rules.IsEdge).Key;
        var exists = key is not null && _transaction.Contains(_rules.Collection, key);
        _overwriter.Insert(json);
        if (!exists)
        {
            Result.Created++;
        }
        else if (_options.OnDuplicate == OverwriteMode.Ignore)
        {
            Result.Ignored++;
        }
        else
        {
            Result.Updated++;
        }
    }

    private void Refuse(ArangoException error, long line, ReadOnlySpan<byte> json) =>
        Fail(error, line, "invalid JSON type (expecting object), offending document: ", json);

    private void Fail(ArangoException error, long position, string problem, ReadOnlySpan<byte> offence)
    {
        if (_options.Complete)
        {
            throw new ArangoException(error.Status, error.ErrorNumber, PlainMessage(error));
        }

        Result.Fail(position, problem, offence);
    }

    /// <summary>Puts the prefixes before the keys in <c>_from</c> and <c>_to</c> that name no collection.</summary>
    private ReadOnlySpan<byte> WithPrefixes(ReadOnlySpan<byte> json)
    {
        if (_options is { FromPrefix: null, ToPrefix: null })
        {
            return json;
        }

        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = DocumentBatch.MaxDepth });
        var edge = JsonElement.ParseValue(ref reader);
        var changed = JsonValues.Build(writer =>
        {
            writer.WriteStartObject();
            foreach (var property in edge.EnumerateObject())
            {
                var prefix = property.Name switch { "_from" => _options.FromPrefix, "_to" => _options.ToPrefix, _ => null };
                if (prefix is not null && EndOf(property.Value) is { } end)
                {
                    writer.WriteString(property.Name, prefix + end);
                }
                else
                {
                    property.WriteTo(writer);
                }
            }

            writer.WriteEndObject();
        });
        return JsonSerializedBytes(changed);
    }

    /// <summary>A key without a collection; null for anything else.</summary>
    private static string? EndOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String when !value.GetString()!.Contains('/', StringComparison.Ordinal) => value.GetString(),
        JsonValueKind.Number when value.TryGetUInt64(out var number) => $"{number}",
        _ => null,
    };

    private static byte[] JsonSerializedBytes(JsonElement value) => System.Text.Encoding.UTF8.GetBytes(value.GetRawText());
}
