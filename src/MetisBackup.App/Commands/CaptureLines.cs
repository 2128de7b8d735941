using MetisBackup.App.Operations;
using MetisBackup.App.Output;
using MetisBackup.Core.Planning;

namespace MetisBackup.App.Commands;

/// <summary>How the documents of a new snapshot were obtained, in words.</summary>
internal static class CaptureLines
{
    private static readonly Column[] Columns = [new("COLLECTION"), new("CAPTURED"), new("ADDED", IsNumber: true), new("REMOVED", IsNumber: true), new("WHY")];

    /// <summary>One row per collection.</summary>
    public static void WriteAll(Screen screen, CreateSnapshotResult result) => screen.Table(
        Columns,
        result.Captures.OrderBy(static one => one.Key, StringComparer.Ordinal).Select(static one => new[]
        {
            one.Key,
            Name(one.Value.Method),
            HumanText.Count(one.Value.Added),
            HumanText.Count(one.Value.Removed),
            one.Value.Reason ?? "",
        }));

    /// <summary>All of them in one sentence.</summary>
    public static string Summary(CreateSnapshotResult result)
    {
        if (result.Parent is not { } parent)
        {
            return "every document was read from the server";
        }

        string[] parts =
        [
            .. Part(result, CaptureMethod.Linked, "unchanged"),
            .. Part(result, CaptureMethod.Changes, "changed"),
            .. Part(result, CaptureMethod.Full, "read in full"),
        ];
        return $"since {HumanText.Printable(parent)}: {string.Join(", ", parts)}; {HumanText.Bytes(result.NewBytes)} new on disk";
    }

    /// <summary>The name of a method in text and in documents.</summary>
    public static string Name(CaptureMethod method) => method switch
    {
        CaptureMethod.Linked => "linked",
        CaptureMethod.Changes => "changes",
        _ => "full",
    };

    private static IEnumerable<string> Part(CreateSnapshotResult result, CaptureMethod method, string name)
    {
        var captures = result.Captures.Values.Where(one => one.Method == method).ToList();
        if (captures.Count > 0)
        {
            var changes = method == CaptureMethod.Changes
                ? $" ({HumanText.Count(captures.Sum(static one => one.Added), "document")} added, {HumanText.Count(captures.Sum(static one => one.Removed))} removed)"
                : "";
            yield return $"{HumanText.Count(captures.Count, "collection")} {name}{changes}";
        }
    }
}
