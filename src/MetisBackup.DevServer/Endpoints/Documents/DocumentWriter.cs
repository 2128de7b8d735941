using System.Text;
using System.Text.Json;
using MetisBackup.Arango.Protocol;
using MetisBackup.Core.Revisions;
using MetisBackup.DevServer.Engine;

namespace MetisBackup.DevServer.Endpoints.Documents;

/// <summary>Writes single documents in a transaction by the rules of arangodb-protocol 11.1 and 11.2.</summary>
internal sealed class DocumentWriter(WriteTransaction transaction, CollectionRules rules, DocumentOptions options)
{
    private readonly CollectionInfo _collection = rules.Collection;

    /// <summary>Nobody asks what was there before: neither the answer nor a check needs the old document.</summary>
    private readonly bool _isBlind =
        options is { Overwrite: OverwriteMode.Replace, Silent: true, ReturnOld: false, ReturnNew: false, VersionAttribute: null }
        && (options.IsRestore || rules is { Schema: null, Computed: null });

    /// <summary>The document whose revision was not the expected one, after a conflict was thrown.</summary>
    public StoredDocument? Conflicting { get; private set; }

    /// <summary>Adds a document; where its key is taken the overwrite mode decides.</summary>
    /// <exception cref="ArangoException">400/E1221, E1222, E1227, E1233, E1239, E1620; 409/E1210.</exception>
    public DocumentOutcome Insert(ReadOnlySpan<byte> json)
    {
        var parsed = Parse(json);
        if (parsed.Key is { } key)
        {
            rules.CheckKey(key, options.IsRestore);
            if (_isBlind)
            {
                return Upsert(key, parsed);
            }

            if (options.Overwrite != OverwriteMode.Conflict && transaction.TryGet(_collection, key, out var existing))
            {
                return Overwrite(existing, parsed);
            }
        }
        else
        {
            key = transaction.NewKey(_collection);
        }

        CheckEdge(parsed);
        var document = Complete(new StoredDocument(key, RevisionOf(parsed), parsed.Body), "insert", default);
        transaction.Insert(_collection, document);
        return new DocumentOutcome(key, document.Revision, New: options.ReturnNew ? document : null);
    }

    /// <summary>Puts a new body in the place of the old one.</summary>
    /// <param name="json">The new body.</param>
    /// <param name="key">The key of the path; null takes that of the body.</param>
    /// <param name="expected">The revision the stored document must have; null for any.</param>
    /// <exception cref="ArangoException">As <see cref="Insert"/>; 400/E1205 without a key, 404/E1202, 412/E1200.</exception>
    public DocumentOutcome Replace(ReadOnlySpan<byte> json, string? key, RevisionId? expected)
    {
        var parsed = Parse(json);
        var existing = Find(key ?? KeyOf(parsed), expected ?? ExpectedOf(parsed));
        return Replace(existing, parsed);
    }

    /// <summary>Lays the body over the old one.</summary>
    /// <inheritdoc cref="Replace(ReadOnlySpan{byte}, string?, RevisionId?)"/>
    public DocumentOutcome Update(ReadOnlySpan<byte> json, string? key, RevisionId? expected)
    {
        var parsed = Parse(json);
        var existing = Find(key ?? KeyOf(parsed), expected ?? ExpectedOf(parsed));
        return Update(existing, parsed);
    }

    /// <summary>Removes a document.</summary>
    /// <exception cref="ArangoException">404/E1202; 412/E1200 for another revision than expected.</exception>
    public DocumentOutcome Remove(in DocumentReference reference)
    {
        var existing = Find(reference.Key, reference.Expected);
        transaction.Remove(_collection, existing.Key);
        return new DocumentOutcome(existing.Key, existing.Revision, Old: options.ReturnOld ? existing : null);
    }

    private static string KeyOf(in ParsedDocument parsed) =>
        parsed.Key ?? throw new ArangoException(400, ErrorNumber.DocumentHandleBad, "illegal document identifier");

    private ParsedDocument Parse(ReadOnlySpan<byte> json)
    {
        var parsed = DocumentText.Parse(json, rules.IsEdge);
        return parsed.KeyIsText ? parsed : throw ArangoErrors.IllegalKey();
    }

    private RevisionId? ExpectedOf(in ParsedDocument parsed) =>
        options is { IgnoreRevs: false, IsRestore: false } && parsed.Revision is { } text ? RevisionId.ParseRev(text) : null;

    private StoredDocument Find(string key, RevisionId? expected)
    {
        if (!transaction.TryGet(_collection, key, out var existing))
        {
            throw ArangoErrors.DocumentNotFound();
        }

        if (expected is { } revision && revision != existing.Revision)
        {
            Conflicting = existing;
            throw new ArangoException(412, ErrorNumber.WriteConflict, "conflict, _rev values do not match");
        }

        return existing;
    }

    private DocumentOutcome Upsert(string key, in ParsedDocument parsed)
    {
        CheckEdge(parsed);
        var document = new StoredDocument(key, RevisionOf(parsed), parsed.Body);
        transaction.Upsert(_collection, document);
        return new DocumentOutcome(key, document.Revision);
    }

    private DocumentOutcome Overwrite(in StoredDocument existing, in ParsedDocument parsed) => options.Overwrite switch
    {
        OverwriteMode.Ignore => new DocumentOutcome(existing.Key, existing.Revision),
        OverwriteMode.Update => Update(existing, parsed),
        _ => Replace(existing, parsed),
    };

    private DocumentOutcome Replace(in StoredDocument existing, in ParsedDocument parsed)
    {
        CheckEdge(parsed);
        return IsOutdated(existing, parsed.Body)
            ? Unchanged(existing)
            : Store(existing, new StoredDocument(existing.Key, RevisionOf(parsed), parsed.Body), "replace");
    }

    private DocumentOutcome Update(in StoredDocument existing, in ParsedDocument parsed)
    {
        if ((parsed.Body.Length <= 2 && parsed is { From: null, To: null }) || IsOutdated(existing, parsed.Body))
        {
            return Unchanged(existing);
        }

        var text = DocumentMerge.Merge(existing.Body, parsed.Body, options.MergeObjects, options.KeepNull);
        if (rules.IsEdge)
        {
            text = WithEnds(text, parsed);
        }

        var merged = DocumentText.Parse(text.Span, rules.IsEdge);
        CheckEdge(merged);
        return Store(existing, new StoredDocument(existing.Key, RevisionOf(parsed), merged.Body), "update");
    }

    /// <summary>A patch may hold one end of an edge alone, which does not stand in its body.</summary>
    private static ReadOnlyMemory<byte> WithEnds(ReadOnlyMemory<byte> body, ParsedDocument parsed)
    {
        foreach (var (name, end) in (ReadOnlySpan<(string, string?)>)[("_from", parsed.From), ("_to", parsed.To)])
        {
            if (end is not null)
            {
                var patch = JsonValues.Build(writer =>
                {
                    writer.WriteStartObject();
                    writer.WriteString(name, end);
                    writer.WriteEndObject();
                });
                body = DocumentMerge.Merge(body, Encoding.UTF8.GetBytes(patch.GetRawText()), mergeObjects: true, keepNull: true);
            }
        }

        return body;
    }

    private DocumentOutcome Store(in StoredDocument existing, in StoredDocument given, string moment)
    {
        var document = Complete(given, moment, existing.Body);
        transaction.Replace(_collection, document);
        return Changed(existing, document);
    }

    /// <summary>Computes what the collection computes and checks its schema; a restore does neither.</summary>
    private StoredDocument Complete(in StoredDocument given, string moment, ReadOnlyMemory<byte> old)
    {
        if (options.IsRestore)
        {
            return given;
        }

        var document = rules.Computed is { } computed ? given with { Body = computed.Apply(given, moment, transaction) } : given;
        if (options.Validate)
        {
            rules.Schema?.Check(document.Body, old);
        }

        return document;
    }

    private DocumentOutcome Unchanged(in StoredDocument existing) => Changed(existing, existing);

    private DocumentOutcome Changed(in StoredDocument old, in StoredDocument now) => new(
        now.Key,
        now.Revision,
        old.Revision,
        options.ReturnOld ? old : null,
        options.ReturnNew ? now : null);

    /// <summary>True where the client's own version number says that the stored document is as new (arangodb-protocol 11.1).</summary>
    private bool IsOutdated(in StoredDocument existing, ReadOnlyMemory<byte> body) =>
        options.VersionAttribute is { } name
        && VersionOf(existing.Body, name) is { } stored
        && VersionOf(body, name) is { } given
        && given <= stored;

    private static ulong? VersionOf(ReadOnlyMemory<byte> body, string attribute)
    {
        using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = DocumentBatch.MaxDepth });
        return document.RootElement.TryGetProperty(attribute, out var value)
            && value.ValueKind == JsonValueKind.Number
            && value.TryGetDouble(out var number)
            && number is >= 0 and < ulong.MaxValue
                ? value.TryGetUInt64(out var whole) ? whole : (ulong)number
                : null;
    }

    /// <summary>
    /// A given revision is taken as it is: a malformed text stands for 2^64-1 and an empty one for 0, which become record ids
    /// (arangodb-protocol 11.1).
    /// </summary>
    private RevisionId RevisionOf(in ParsedDocument parsed) =>
        options.IsRestore && parsed.Revision is { } text ? RevisionId.ParseRev(text) : transaction.NewRevision();

    private void CheckEdge(in ParsedDocument parsed)
    {
        if (rules.IsEdge && !(CollectionRules.IsId(parsed.From) && CollectionRules.IsId(parsed.To)))
        {
            throw ArangoErrors.EdgeAttributeMissing();
        }
    }
}
