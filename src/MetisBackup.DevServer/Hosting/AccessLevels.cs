namespace MetisBackup.DevServer.Hosting;

/// <summary>The texts of access levels.</summary>
internal static class AccessLevels
{
    /// <summary>The level of a text; null for anything but <c>rw</c>, <c>ro</c> and <c>none</c>.</summary>
    public static AccessLevel? Parse(string? text) => text switch
    {
        "rw" => AccessLevel.ReadWrite,
        "ro" => AccessLevel.ReadOnly,
        "none" => AccessLevel.None,
        _ => null,
    };

    public static string ToText(this AccessLevel level) => level switch
    {
        AccessLevel.ReadWrite => "rw",
        AccessLevel.ReadOnly => "ro",
        _ => "none",
    };
}
