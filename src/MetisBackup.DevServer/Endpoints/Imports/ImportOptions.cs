using MetisBackup.DevServer.Endpoints.Documents;
using MetisBackup.DevServer.Hosting;

namespace MetisBackup.DevServer.Endpoints.Imports;

/// <summary>The query parameters of <c>/_api/import</c>.</summary>
internal sealed record ImportOptions
{
    /// <summary>The first failing document undoes the whole import.</summary>
    public bool Complete { get; init; }

    /// <summary>The collection is emptied first.</summary>
    public bool Overwrite { get; init; }

    /// <summary>The answer tells what was wrong.</summary>
    public bool Details { get; init; }

    public bool WaitForSync { get; init; }

    /// <summary><see cref="OverwriteMode.Conflict"/> counts a taken key as an error.</summary>
    public OverwriteMode OnDuplicate { get; init; }

    /// <summary>Ends with a slash; null for none.</summary>
    public string? FromPrefix { get; init; }

    /// <inheritdoc cref="FromPrefix"/>
    public string? ToPrefix { get; init; }

    /// <summary>What is added to the position of each line in an error.</summary>
    public long Line { get; init; }

    public static ImportOptions Of(QueryParameters query) => new()
    {
        Complete = query.Flag("complete"),
        Overwrite = query.Flag("overwrite"),
        Details = query.Flag("details"),
        WaitForSync = query.Flag("waitForSync"),
        OnDuplicate = query.Text("onDuplicate") switch
        {
            "update" => OverwriteMode.Update,
            "replace" => OverwriteMode.Replace,
            "ignore" => OverwriteMode.Ignore,
            _ => OverwriteMode.Conflict,
        },
        FromPrefix = Prefix(query.Text("fromPrefix")),
        ToPrefix = Prefix(query.Text("toPrefix")),
        Line = long.TryParse(query.Text("line"), out var line) ? line : 0,
    };

    private static string? Prefix(string? text) => text switch
    {
        null or "" => null,
        _ => text.EndsWith('/') ? text : $"{text}/",
    };
}
