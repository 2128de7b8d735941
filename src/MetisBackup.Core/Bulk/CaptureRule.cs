namespace MetisBackup.Core.Bulk;

/// <summary>When a file may be taken from an older snapshot without reading it again.</summary>
public static class CaptureRule
{
    /// <summary>
    /// Times of the kernel are no finer than its tick: a file that was written twice in one looks the same after both. So a file that was
    /// written less than this before the older snapshot began is read again.
    /// </summary>
    public const int SettlingSeconds = 2;

    /// <summary>Whether the content is known to be the one that was captured.</summary>
    /// <param name="earlier">The file in the older snapshot.</param>
    /// <param name="earlierBegan">When the capture of that snapshot began.</param>
    /// <param name="size">Length of the file now.</param>
    /// <param name="modifiedAt">Its time of modification now.</param>
    /// <param name="stamp">Its stamp now.</param>
    public static bool IsUnchanged(TreeEntry earlier, FileTime earlierBegan, long size, FileTime modifiedAt, FileStamp stamp) =>
        earlier is { Kind: TreeEntryKind.File, Torn: false }
        && earlier.Size == size
        && earlier.ModifiedAt == modifiedAt
        && earlier.Stamp == stamp
        && stamp.ChangedAt < earlierBegan with { Seconds = earlierBegan.Seconds - SettlingSeconds };
}
