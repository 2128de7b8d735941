using System.Text.Json;
using MetisBackup.App.Operations;
using MetisBackup.App.Operations.Comparing;
using MetisBackup.Core.Comparing;

namespace MetisBackup.App.Commands.Documents;

/// <summary>From what a comparison found to the published document.</summary>
internal static class DiffMapping
{
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = int.MaxValue };

    public static DiffDocument ToDocument(this CompareSnapshotsResult result) => new()
    {
        Command = "diff",
        Before = ToDetail(result.Before),
        After = ToDetail(result.After),
        Equal = result.Equal,
        Added = result.Collections.Sum(static one => one.Added),
        Changed = result.Collections.Sum(static one => one.Changed),
        Removed = result.Collections.Sum(static one => one.Removed),
        Collections = [.. result.Collections.Select(ToDetail)],
        Objects = [.. result.Objects.Select(static one => new ObjectDiffDetail(Word(one.Kind), one.What.ToString().ToLowerInvariant(), one.Name))],
        Files = result.Files is { } files ? ToDetail(files) : null,
        DurationSeconds = Math.Round(result.Duration.TotalSeconds, 3),
    };

    private static StateDetail ToDetail(ComparedState state) => new(state.Snapshot, state.Database, state.Timestamp);

    private static FilesDiffDetail ToDetail(ComparedFiles files) => new(
        files.Difference?.Added ?? 0,
        files.Difference?.Changed ?? 0,
        files.Difference?.Removed ?? 0,
        [.. files.Difference?.Named.Select(static one => new FileDiffDetail(Word(one.Change), one.Kind.ToString().ToLowerInvariant(), one.Path.ToString(), one.Reason)) ?? []],
        files.NotCompared);

    private static CollectionDiffDetail ToDetail(CollectionComparison one) => new()
    {
        Name = one.Name,
        RenamedFrom = one.RenamedFrom,
        Type = one.IsEdge ? "edge" : "document",
        State = one.IsEqual ? "equal" : Word(one.Existence ?? ChangeKind.Changed),
        ComparedBy = one.Method?.ToString().ToLowerInvariant(),
        DocumentsBefore = one.DocumentsBefore,
        DocumentsAfter = one.DocumentsAfter,
        Added = one.Added,
        Changed = one.Changed,
        Removed = one.Removed,
        Definitions = [.. one.Definitions.Select(static change => new DefinitionDiffDetail(Word(change.Kind), change.IsIndex ? "index" : "property", change.Name, ToDetail(change.Before), ToDetail(change.After)))],
        Keys = [.. one.Keys.Select(static change => new KeyDiffDetail(Word(change.Kind), change.Key))],
        MoreKeys = one.MoreKeys,
        Documents = [.. one.Documents.Select(static change => new DocumentDiffDetail(change.Kind is { } kind ? Word(kind) : "equal", change.Key, [.. change.Fields.Shown.Select(ToDetail)], change.Fields.More))],
    };

    private static FieldDiffDetail ToDetail(FieldChange field) => new(field.Path, Word(field.Kind), ToDetail(field.Before), ToDetail(field.After));

    private static ValueDetail? ToDetail(FieldValue? value)
    {
        if (value is null || value.IsCut)
        {
            return value is null ? null : new ValueDetail(null, value.Json, value.Bytes);
        }

        using var json = JsonDocument.Parse(value.Json, Deep);
        return new ValueDetail(json.RootElement.Clone(), null, value.Bytes);
    }

    private static string Word(ChangeKind kind) => kind.ToString().ToLowerInvariant();
}
