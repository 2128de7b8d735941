namespace MetisBackup.Storage.Bulk;

/// <summary>Where a restore puts what it removes or replaces.</summary>
internal static class BulkTrash
{
    /// <summary>Its name in the root of a tree that has a file system of its own, where it is no part of the tree.</summary>
    public const string InnerName = ".metis-trash";

    /// <summary>Whether a name in the root is that of the trash.</summary>
    public static bool IsInnerName(ReadOnlySpan<byte> name) => name.SequenceEqual(".metis-trash"u8);
}
