using MetisBackup.DevServer.Endpoints.Documents;
using MetisBackup.DevServer.Engine;

namespace MetisBackup.DevServer.Aql;

/// <summary>Carries out INSERT, UPDATE, REPLACE, REMOVE and UPSERT for one row after the other.</summary>
internal sealed class QueryModifier(QueryContext context, AqlEvaluator evaluator)
{
    private const int PreconditionFailed = 412;

    private WriteTransaction Writer => context.Writer ?? throw new InvalidOperationException("A query that changes data needs a writer.");

    /// <summary>Changes one document.</summary>
    /// <returns>The row with OLD and NEW; null when the change was ignored.</returns>
    public AqlValue?[]? Modify(ModifyStatement statement, AqlValue?[] row)
    {
        var target = context.Collection(statement.Target);
        var options = ModifyOptions.From(statement.Clauses.Options is { } given ? evaluator.Evaluate(given, row) : AqlValue.Null);
        var key = statement.Key is { } keyExpression ? evaluator.Evaluate(keyExpression, row) : null;
        var document = statement.Document is { } documentExpression ? evaluator.Evaluate(documentExpression, row) : AqlValue.Null;
        return Guarded(options, row, statement.Clauses, () => statement.Kind switch
        {
            ModifyKind.Insert => Insert(target, document, options),
            ModifyKind.Remove => Remove(target, key ?? AqlValue.Null, options),
            _ => Change(target, key ?? document, document, statement.Kind == ModifyKind.Replace, options),
        });
    }

    /// <summary>Changes the first document that has the searched attributes, or inserts one.</summary>
    /// <returns>The row with OLD (null after an insert) and NEW; null when the change was ignored.</returns>
    public AqlValue?[]? Upsert(UpsertStatement statement, AqlValue?[] row)
    {
        var target = context.Collection(statement.Target);
        var options = ModifyOptions.From(statement.Clauses.Options is { } given ? evaluator.Evaluate(given, row) : AqlValue.Null);
        var search = evaluator.Evaluate(statement.Search, row);
        var found = Find(target, search);
        return Guarded(options, row, statement.Clauses, () =>
        {
            if (found is null)
            {
                return Insert(target, evaluator.Evaluate(statement.Insert, row), options);
            }

            var seen = (AqlValue?[])row.Clone();
            seen[statement.Clauses.Old.Slot] = found;
            return Change(target, found, evaluator.Evaluate(statement.Update, seen), statement.Replace, options);
        });
    }

    private AqlValue?[]? Guarded(ModifyOptions options, AqlValue?[] row, ModifyClauses clauses, Func<DocumentChange?> change)
    {
        DocumentChange? done;
        try
        {
            done = change();
        }
        catch (ArangoException) when (options.IgnoreErrors)
        {
            done = null;
        }
        catch (ArangoException e) when (e.Status == PreconditionFailed)
        {
            throw new ArangoException(409, e.ErrorNumber, e.Message);
        }

        if (done is null)
        {
            context.Statistics.WritesIgnored++;
            return null;
        }

        context.Statistics.WritesExecuted++;
        var next = (AqlValue?[])row.Clone();
        next[clauses.Old.Slot] = done.Old;
        next[clauses.New.Slot] = done.New;
        return next;
    }

    private AqlDocument? Find(CollectionInfo target, AqlValue search)
    {
        var key = search.Attribute("_key");
        return key.IsText
            ? QuerySources.Lookup(context, target, [key]).Cast<AqlDocument>().FirstOrDefault(IsMatch)
            : Writer.Documents(target).Select(document => new AqlDocument(target.Name, document)).FirstOrDefault(IsMatch);

        bool IsMatch(AqlDocument document) => search.Attributes.All(a => AqlComparer.Instance.Equals(document.Attribute(a.Key), a.Value));
    }

    private DocumentChange? Insert(CollectionInfo target, AqlValue document, ModifyOptions options)
    {
        var outcome = Documents(target, options).Insert(AqlJson.ToUtf8(document).Span);
        return outcome.New is null ? null : Change(target, outcome);
    }

    private DocumentChange Change(CollectionInfo target, AqlValue key, AqlValue document, bool replace, ModifyOptions options)
    {
        var json = AqlJson.ToUtf8(document).Span;
        var reference = Reference(key, options);
        var documents = Documents(target, options);
        return Change(target, replace
            ? documents.Replace(json, reference.Key, reference.Expected)
            : documents.Update(json, reference.Key, reference.Expected));
    }

    private DocumentChange Remove(CollectionInfo target, AqlValue key, ModifyOptions options) =>
        Change(target, Documents(target, options).Remove(Reference(key, options)));

    private DocumentWriter Documents(CollectionInfo target, ModifyOptions options) => new(Writer, new CollectionRules(target), options.ForDocuments);

    private static DocumentReference Reference(AqlValue key, ModifyOptions options) =>
        DocumentReference.Parse(AqlJson.ToUtf8(key).Span, options.ForDocuments.IgnoreRevs);

    private static DocumentChange Change(CollectionInfo target, DocumentOutcome outcome) => new(Document(target, outcome.Old), Document(target, outcome.New));

    private static AqlValue Document(CollectionInfo target, StoredDocument? document) =>
        document is { } stored ? new AqlDocument(target.Name, stored) : AqlValue.Null;
}
