using MetisBackup.DevServer.Hosting;

namespace MetisBackup.DevServer.Endpoints.Documents;

/// <summary>What to do when the key of a new document is taken.</summary>
internal enum OverwriteMode
{
    Conflict,
    Ignore,
    Replace,
    Update,
}

/// <summary>The query parameters of the document calls (arangodb-protocol 11.1, 11.2).</summary>
internal sealed record DocumentOptions
{
    public OverwriteMode Overwrite { get; init; }

    public bool IsRestore { get; init; }

    public bool WaitForSync { get; init; }

    public bool Silent { get; init; }

    public bool ReturnNew { get; init; }

    public bool ReturnOld { get; init; }

    public bool KeepNull { get; init; } = true;

    public bool MergeObjects { get; init; } = true;

    public bool IgnoreRevs { get; init; } = true;

    public bool Validate { get; init; } = true;

    /// <summary>Null where the client does no versioning of its own.</summary>
    public string? VersionAttribute { get; init; }

    public static DocumentOptions Of(QueryParameters query) => new()
    {
        Overwrite = OverwriteOf(query),
        IsRestore = query.Flag("isRestore"),
        WaitForSync = query.Flag("waitForSync"),
        Silent = query.Flag("silent"),
        ReturnNew = query.Flag("returnNew"),
        ReturnOld = query.Flag("returnOld"),
        KeepNull = query.Flag("keepNull", fallback: true),
        MergeObjects = query.Flag("mergeObjects", fallback: true),
        IgnoreRevs = query.Flag("ignoreRevs", fallback: true),
        Validate = !query.Flag("skipDocumentValidation"),
        VersionAttribute = query.Text("versionAttribute") is { Length: > 0 } name ? name : null,
    };

    private static OverwriteMode OverwriteOf(QueryParameters query) => query.Text("overwriteMode") switch
    {
        "conflict" => OverwriteMode.Conflict,
        "ignore" => OverwriteMode.Ignore,
        "replace" => OverwriteMode.Replace,
        "update" => OverwriteMode.Update,
        _ => query.Flag("overwrite") ? OverwriteMode.Replace : OverwriteMode.Conflict,
    };
}
