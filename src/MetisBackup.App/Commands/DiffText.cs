using MetisBackup.App.Operations;
using MetisBackup.App.Operations.Comparing;
using MetisBackup.App.Output;
using MetisBackup.Core.Comparing;

namespace MetisBackup.App.Commands;

/// <summary>What a comparison found, as people read it: <c>+</c> only later, <c>~</c> changed, <c>-</c> only earlier.</summary>
internal sealed class DiffText(Screen screen, TimeZoneInfo zone, int limit)
{
    private const int LongestShown = 100;

    private static readonly Column[] Columns =
    [
        new(""), new("COLLECTION"), new("ADDED", IsNumber: true), new("CHANGED", IsNumber: true), new("REMOVED", IsNumber: true),
        new("BEFORE", IsNumber: true, CanBeMissed: true), new("NOW", IsNumber: true, CanBeMissed: true),
    ];

    private string _collection = "";
    private long _written;

    /// <summary>Names a document that differs, up to the limit of its collection.</summary>
    public void WriteKey(string collection, KeyChange change)
    {
        _written = collection == _collection ? _written + 1 : 1;
        _collection = collection;
        if (limit == 0 || _written <= limit)
        {
            screen.Line(HumanText.Printable($"{Sign(change.Kind)} {collection}/{change.Key}"), ToneOf(change.Kind));
        }
        else if (_written == limit + 1)
        {
            screen.Message($"  more of {HumanText.Printable(collection)} are not named; --limit 0 names all");
        }
    }

    /// <summary>Everything else.</summary>
    public void Write(CompareSnapshotsResult result)
    {
        if (screen.Verbosity == Verbosity.Quiet)
        {
            return;
        }

        screen.Line($"{Name(result.Before)} compared with {Name(result.After)}", Tone.Strong);
        var different = result.Collections.Where(static one => !one.IsEqual).ToList();
        if (different.Count > 0)
        {
            screen.Table(Columns, different.Select(Row));
        }

        foreach (var collection in different)
        {
            WriteDefinitions(collection);
        }

        foreach (var change in result.Objects)
        {
            screen.Line(HumanText.Printable($"{Sign(change.Kind)} {change.What.ToString().ToLowerInvariant()} {change.Name}"), ToneOf(change.Kind));
        }

        foreach (var collection in result.Collections)
        {
            foreach (var document in collection.Documents)
            {
                WriteDocument(collection.Name, document);
            }
        }

        WriteFiles(result.Files);
        var equal = result.Collections.Count - different.Count;
        if (result.Equal || equal > 0)
        {
            screen.Line(result.Equal ? "Nothing differs." : $"{HumanText.Count(equal, "collection")} {(equal == 1 ? "is" : "are")} equal.");
        }
    }

    private void WriteFiles(ComparedFiles? files)
    {
        if (files?.NotCompared is { } reason)
        {
            screen.Message(HumanText.Printable(reason));
        }

        if (files?.Difference is not { Total: > 0 } difference)
        {
            return;
        }

        screen.Line($"Files: {HumanText.Count(difference.Added)} added, {HumanText.Count(difference.Changed)} changed, {HumanText.Count(difference.Removed)} removed");
        foreach (var one in difference.Named)
        {
            screen.Line($"{Sign(one.Change)} {one.Kind.ToString().ToLowerInvariant()} {HumanText.Printable(one.Path.ToString())}{(one.Reason.Length > 0 ? $": {one.Reason}" : "")}", ToneOf(one.Change));
        }

        if (difference.Total > difference.Named.Count)
        {
            screen.Line($"  and {HumanText.Count(difference.Total - difference.Named.Count)} more");
        }
    }

    private string Name(ComparedState state) => HumanText.Printable(state.Snapshot is { } snapshot
        ? $"{snapshot} ({state.Database}{(state.Timestamp is { } time ? ", " + HumanText.Time(time, zone) : "")})"
        : $"the live database {state.Database}");

    private static string[] Row(CollectionComparison one) =>
    [
        Sign(one.Existence ?? ChangeKind.Changed),
        one.RenamedFrom is { } former ? $"{one.Name} (was {former})" : one.Name,
        HumanText.Count(one.Added),
        HumanText.Count(one.Changed),
        HumanText.Count(one.Removed),
        one.Existence == ChangeKind.Added ? "" : HumanText.Count(one.DocumentsBefore),
        one.Existence == ChangeKind.Removed ? "" : HumanText.Count(one.DocumentsAfter),
    ];

    private void WriteDefinitions(CollectionComparison collection)
    {
        foreach (var change in collection.Definitions)
        {
            var values = change.IsIndex ? "" : ": " + Values(change.Kind, change.Before, change.After);
            screen.Line(
                HumanText.Printable($"{Sign(change.Kind)} {(change.IsIndex ? "index" : "property")} {change.Name} of {collection.Name}{values}"), ToneOf(change.Kind));
        }
    }

    private void WriteDocument(string collection, DocumentChange document)
    {
        screen.Line();
        screen.Line(HumanText.Printable($"{(document.Kind is { } kind ? Sign(kind) : "=")} {collection}/{document.Key}"), Tone.Strong);
        if (document.Fields.Shown.Count == 0)
        {
            screen.Line(document.Kind is null ? "    is equal" : "    only its revision differs");
        }

        foreach (var field in document.Fields.Shown)
        {
            screen.Line(HumanText.Printable($"    {string.Join('.', field.Path)}: {Values(field.Kind, field.Before, field.After)}"));
        }

        if (document.Fields.More > 0)
        {
            screen.Line($"    and {HumanText.Count(document.Fields.More, "more field")}");
        }
    }

    private static string Values(ChangeKind kind, FieldValue? before, FieldValue? after) => kind switch
    {
        ChangeKind.Added => "+ " + Shown(after!),
        ChangeKind.Removed => "- " + Shown(before!),
        _ => $"{Shown(before!)} -> {Shown(after!)}",
    };

    private static string Shown(FieldValue value) =>
        value.Json.Length <= LongestShown ? value.Json : $"{value.Json[..(char.IsHighSurrogate(value.Json[LongestShown - 1]) ? LongestShown - 1 : LongestShown)]}… ({HumanText.Bytes(value.Bytes)})";

    private static string Sign(ChangeKind kind) => kind switch
    {
        ChangeKind.Added => "+",
        ChangeKind.Removed => "-",
        _ => "~",
    };

    private static Tone ToneOf(ChangeKind kind) => kind switch
    {
        ChangeKind.Added => Tone.Good,
        ChangeKind.Removed => Tone.Bad,
        _ => Tone.Warning,
    };
}
