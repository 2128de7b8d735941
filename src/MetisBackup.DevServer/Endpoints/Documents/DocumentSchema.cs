using System.Text.Json;
using MetisBackup.Arango.Protocol;
using MetisBackup.DevServer.Engine;

namespace MetisBackup.DevServer.Endpoints.Documents;

/// <summary>The schema of a collection and when it is applied (arangodb-protocol 12.6).</summary>
internal sealed class DocumentSchema
{
    private readonly JsonElement _rule;
    private readonly string _level;
    private readonly string _message;

    private DocumentSchema(JsonElement rule, string level, string message)
    {
        _rule = rule;
        _level = level;
        _message = message;
    }

    /// <summary>The schema in a collection's properties; null for none and for level <c>none</c>.</summary>
    public static DocumentSchema? Of(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("rule"u8, out var rule))
        {
            return null;
        }

        var level = schema.TryGetProperty("level"u8, out var text) ? text.GetString() : "strict";
        var message = schema.TryGetProperty("message"u8, out var own) ? own.GetString() : null;
        return level is null or "none" ? null : new DocumentSchema(rule, level, message is { Length: > 0 } ? message : "schema validation failed");
    }

    /// <summary>Checks a document that is about to be stored.</summary>
    /// <param name="body">The new body.</param>
    /// <param name="old">The body it replaces; empty for a new document.</param>
    /// <exception cref="ArangoException">400/E1620: the document breaks the schema.</exception>
    public void Check(ReadOnlyMemory<byte> body, ReadOnlyMemory<byte> old)
    {
        var isNew = old.IsEmpty;
        if ((_level == "new" && !isNew) || IsValid(body) || (_level == "moderate" && !isNew && !IsValid(old)))
        {
            return;
        }

        throw new ArangoException(400, ErrorNumber.ValidationFailed, _message);
    }

    private bool IsValid(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = DocumentBatch.MaxDepth });
        return JsonSchema.IsValid(_rule, document.RootElement);
    }
}
