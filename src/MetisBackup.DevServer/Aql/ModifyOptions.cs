namespace MetisBackup.DevServer.Aql;

/// <summary>The OPTIONS of a modification.</summary>
internal sealed record ModifyOptions
{
    public bool IgnoreErrors { get; init; }

    public bool KeepNull { get; init; } = true;

    public bool MergeObjects { get; init; } = true;

    /// <summary>False compares <c>_rev</c> of what is given with the stored one.</summary>
    public bool IgnoreRevs { get; init; } = true;

    /// <summary>conflict, ignore, replace or update.</summary>
    public string OverwriteMode { get; init; } = "conflict";

    public static ModifyOptions From(AqlValue options) => new()
    {
        IgnoreErrors = options.Attribute("ignoreErrors").IsTrue,
        KeepNull = Flag(options, "keepNull"),
        MergeObjects = Flag(options, "mergeObjects"),
        IgnoreRevs = Flag(options, "ignoreRevs"),
        OverwriteMode = options.Attribute("overwriteMode") is { IsText: true } mode ? mode.Text
            : options.Attribute("overwrite").IsTrue ? "replace" : "conflict",
    };

    private static bool Flag(AqlValue options, string name) => !options.HasAttribute(name) || options.Attribute(name).IsTrue;
}

/// <summary>What a modification did; null where there was nothing before or is nothing after.</summary>
internal sealed record DocumentChange(AqlValue Old, AqlValue New);
