using System.Globalization;
using System.Text;
using System.Text.Json;
using MetisBackup.DevServer.Engine;
using MetisBackup.DevServer.Hosting;

namespace MetisBackup.DevServer.Endpoints.Documents;

/// <summary>Writes the outcomes of document calls as JSON text.</summary>
internal sealed class DocumentAnswers(CollectionRules rules)
{
    private readonly string _name = rules.Collection.Name;
    private readonly byte[] _idPrefix = Encoding.UTF8.GetBytes($"{{\"_id\":\"{rules.EncodedName}/");

    /// <summary><c>{"_id","_key","_rev"[,"_oldRev","old","new"]}</c>.</summary>
    public void Write(PooledBuffer output, in DocumentOutcome outcome)
    {
        output.Append(_idPrefix);
        AppendAscii(output, outcome.Key);
        output.Append("\",\"_key\":\""u8);
        AppendAscii(output, outcome.Key);
        output.Append("\",\"_rev\":\""u8);
        AppendRevision(output, outcome.Revision);
        if (outcome.OldRevision is { } old)
        {
            output.Append("\",\"_oldRev\":\""u8);
            AppendRevision(output, old);
        }

        output.Append((byte)'"');
        if (outcome.New is { } now)
        {
            output.Append(",\"new\":"u8);
            DocumentText.Write(output, _name, now);
        }

        if (outcome.Old is { } before)
        {
            output.Append(",\"old\":"u8);
            DocumentText.Write(output, _name, before);
        }

        output.Append((byte)'}');
    }

    /// <summary>A failed item of a batch.</summary>
    public static void WriteError(PooledBuffer output, ArangoException error)
    {
        using var writer = new Utf8JsonWriter(output, ArangoResponse.WriterOptions);
        writer.WriteStartObject();
        writer.WriteBoolean("error"u8, true);
        writer.WriteNumber("errorNum"u8, error.ErrorNumber);
        writer.WriteString("errorMessage"u8, error.Message);
        writer.WriteEndObject();
    }

    /// <summary>The answer to a call on one document, with its headers.</summary>
    public ArangoResponse Single(ArangoRequest request, int status, in DocumentOutcome outcome, bool silent)
    {
        if (silent)
        {
            return ArangoResponse.Json(status, "{}"u8.ToArray());
        }

        var output = new PooledBuffer();
        Write(output, outcome);
        return ArangoResponse.FromBuffer(status, output)
            .With("etag", $"\"{outcome.Revision}\"")
            .With("location", Location(request.Database, outcome.Key));
    }

    /// <summary>412/E1200 with the revision that the document really has.</summary>
    public ArangoResponse Conflict(ArangoException error, in StoredDocument document)
    {
        var (key, revision) = (document.Key, document.Revision.ToString());
        return ArangoResponse.Json(error.Status, writer =>
        {
            writer.WriteStartObject();
            writer.WriteBoolean("error"u8, true);
            writer.WriteNumber("code"u8, error.Status);
            writer.WriteNumber("errorNum"u8, error.ErrorNumber);
            writer.WriteString("errorMessage"u8, error.Message);
            writer.WriteString("_id"u8, $"{_name}/{key}");
            writer.WriteString("_key"u8, key);
            writer.WriteString("_rev"u8, revision);
            writer.WriteEndObject();
        }).With("etag", $"\"{revision}\"");
    }

    /// <summary>The document itself.</summary>
    public ArangoResponse Document(in StoredDocument document)
    {
        var output = new PooledBuffer(document.Body.Length + 256);
        DocumentText.Write(output, _name, document);
        return ArangoResponse.FromBuffer(200, output).With("etag", $"\"{document.Revision}\"");
    }

    /// <summary>The header that counts the errors of a batch; none without errors.</summary>
    public static ArangoResponse WithErrorCodes(ArangoResponse answer, SortedDictionary<int, int> errors) =>
        errors.Count == 0
            ? answer
            : answer.With(
                "x-arango-error-codes",
                string.Create(CultureInfo.InvariantCulture, $"{{{string.Join(',', errors.Select(pair => $"\"{pair.Key}\":{pair.Value}"))}}}"));

    private string Location(string database, string key) =>
        $"/_db/{Uri.EscapeDataString(database)}/_api/document/{Uri.EscapeDataString(_name)}/{Uri.EscapeDataString(key)}";

    private static void AppendAscii(PooledBuffer output, string text)
    {
        Encoding.ASCII.GetBytes(text, output.GetSpan(text.Length));
        output.Advance(text.Length);
    }

    private static void AppendRevision(PooledBuffer output, Core.Revisions.RevisionId revision) =>
        output.Advance(revision.WriteRev(output.GetSpan(32)));
}
