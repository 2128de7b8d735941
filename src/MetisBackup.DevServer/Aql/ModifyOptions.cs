using MetisBackup.DevServer.Endpoints.Documents;

namespace MetisBackup.DevServer.Aql;

/// <summary>The OPTIONS of a modification.</summary>
/// <param name="IgnoreErrors">A failed change is counted and passed over.</param>
/// <param name="ForDocuments">What the options mean for single documents.</param>
internal sealed record ModifyOptions(bool IgnoreErrors, DocumentOptions ForDocuments)
{
    public static ModifyOptions From(AqlValue options) => new(options.Attribute("ignoreErrors").IsTrue, new DocumentOptions
    {
        Overwrite = OverwriteOf(options),
        ReturnNew = true,
        ReturnOld = true,
        KeepNull = Flag(options, "keepNull"),
        MergeObjects = Flag(options, "mergeObjects"),
        IgnoreRevs = Flag(options, "ignoreRevs"),
        VersionAttribute = options.Attribute("versionAttribute") is { IsText: true } name ? name.Text : null,
    });

    private static OverwriteMode OverwriteOf(AqlValue options) => options.Attribute("overwriteMode").Text switch
    {
        "ignore" => OverwriteMode.Ignore,
        "replace" => OverwriteMode.Replace,
        "update" => OverwriteMode.Update,
        "conflict" => OverwriteMode.Conflict,
        _ => options.Attribute("overwrite").IsTrue ? OverwriteMode.Replace : OverwriteMode.Conflict,
    };

    private static bool Flag(AqlValue options, string name) => !options.HasAttribute(name) || options.Attribute(name).IsTrue;
}

/// <summary>What a modification did; null where there was nothing before or is nothing after.</summary>
internal sealed record DocumentChange(AqlValue Old, AqlValue New);
