namespace MetisBackup.Core.Snapshots;

/// <summary>The files beside the database that a snapshot holds.</summary>
public sealed record BulkRecord
{
    /// <summary>The one place of the list.</summary>
    public const string ListPath = "bulk/entries.jsonl.zst";

    /// <summary>Full path of the directory that was captured; for people, a restore never takes its target from here.</summary>
    public required string Root { get; init; }

    /// <summary>When the first file was looked at.</summary>
    public required DateTimeOffset BeganAt { get; init; }

    /// <summary>When the last one was.</summary>
    public required DateTimeOffset CompletedAt { get; init; }

    /// <summary>The list of entries, relative to the snapshot: always <see cref="ListPath"/>.</summary>
    public string List { get; init; } = ListPath;

    /// <summary>Patterns of names that were passed over.</summary>
    public IReadOnlyList<string> Excluded { get; init; } = [];

    /// <summary>Number of files; each name of a file with several counts.</summary>
    public long Files { get; init; }

    /// <summary>Number of directories, without the root.</summary>
    public long Directories { get; init; }

    /// <summary>Number of symbolic links.</summary>
    public long Links { get; init; }

    /// <summary>Length of all files in bytes, holes included.</summary>
    public long Bytes { get; init; }

    /// <summary>Bytes of the contents as they are kept: holes left out, equal contents once.</summary>
    public long StoredBytes { get; init; }
}
