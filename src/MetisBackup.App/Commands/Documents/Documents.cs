using System.Text.Json.Serialization;

namespace MetisBackup.App.Commands.Documents;

/// <summary>What every document of <c>--json</c> begins with. Attributes are only ever added; a change of meaning raises the schema.</summary>
internal abstract record Document
{
    /// <summary>Version of the documents.</summary>
    [JsonPropertyOrder(-2)]
    public int Schema { get; } = 1;

    /// <summary>The command that wrote it; null in an error of a line that names none.</summary>
    [JsonPropertyOrder(-1)]
    public required string? Command { get; init; }
}

/// <summary>An error, whatever the command.</summary>
internal sealed record ErrorDocument : Document
{
    /// <summary>What happened.</summary>
    public required ErrorDetail Error { get; init; }
}

/// <summary>An error.</summary>
/// <param name="Code">The exit code.</param>
/// <param name="Kind">Its name, for example <c>not_found</c>.</param>
/// <param name="Message">One sentence.</param>
/// <param name="Hint">What to do next, or null.</param>
internal sealed record ErrorDetail(int Code, string Kind, string Message, string? Hint)
{
    /// <summary>The single things that the message sums up; left out when it is about one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Details { get; init; }
}

/// <summary>A collection and how it was proven.</summary>
/// <param name="Name">Name.</param>
/// <param name="Type"><c>document</c> or <c>edge</c>.</param>
/// <param name="Documents">Number of documents.</param>
/// <param name="RevisionHash">XOR of the hashes of all revisions, hexadecimal.</param>
/// <param name="Proof"><c>revision_tree</c>, <c>count</c>, or <c>none</c> with a warning that says why.</param>
internal sealed record ProofDetail(string Name, string Type, long Documents, string RevisionHash, string Proof);

/// <summary>A collection of a new snapshot.</summary>
/// <param name="Name">Name.</param>
/// <param name="Type"><c>document</c> or <c>edge</c>.</param>
/// <param name="Documents">Number of documents.</param>
/// <param name="RevisionHash">XOR of the hashes of all revisions, hexadecimal.</param>
/// <param name="Proof"><c>revision_tree</c>, <c>count</c>, or <c>none</c> with a warning that says why.</param>
/// <param name="Capture">How its documents were obtained.</param>
internal sealed record CapturedDetail(string Name, string Type, long Documents, string RevisionHash, string Proof, CaptureMethodDetail Capture);

/// <summary>How documents were obtained.</summary>
/// <param name="Method"><c>linked</c>: nothing changed; <c>changes</c>: the rest comes from the parent; <c>full</c>: all were read.</param>
/// <param name="Added">Documents that were read from the server.</param>
/// <param name="Removed">Revisions of the parent that are gone.</param>
/// <param name="Reason">Why, or null.</param>
internal sealed record CaptureMethodDetail(string Method, long Added, long Removed, string? Reason);

/// <summary>A collection that could not be shown to be complete.</summary>
/// <param name="Name">Name.</param>
/// <param name="Reason">Half a sentence.</param>
internal sealed record UnprovenDetail(string Name, string Reason);

/// <summary>Of <c>create</c>.</summary>
internal sealed record CreateDocument : Document
{
    /// <summary>Full name of the snapshot.</summary>
    public required string Name { get; init; }

    /// <summary>Its directory.</summary>
    public required string Path { get; init; }

    /// <summary>The database.</summary>
    public required string Database { get; init; }

    /// <summary>Version of the server.</summary>
    public required string ServerVersion { get; init; }

    /// <summary>The point in time of the data.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>Number of documents.</summary>
    public required long Documents { get; init; }

    /// <summary>Their size as JSON Lines.</summary>
    public required long DocumentBytes { get; init; }

    /// <summary>Size of the snapshot on disk.</summary>
    public required long StoredBytes { get; init; }

    /// <summary>The part of it that no older snapshot had.</summary>
    public required long NewBytes { get; init; }

    /// <summary>Full name of the snapshot that unchanged documents are shared with, or null.</summary>
    public required string? Parent { get; init; }

    /// <summary>Wall-clock seconds.</summary>
    public required double DurationSeconds { get; init; }

    /// <summary>Ordered by name.</summary>
    public required IReadOnlyList<CapturedDetail> Collections { get; init; }

    /// <summary>Names.</summary>
    public required IReadOnlyList<string> Views { get; init; }

    /// <summary>Names.</summary>
    public required IReadOnlyList<string> Graphs { get; init; }

    /// <summary>Files beside the database; null when none were captured.</summary>
    public required BulkDetail? Files { get; init; }

    /// <summary>Names of old snapshots that went afterwards; null when none was to go, or an error stopped that.</summary>
    public IReadOnlyList<string>? Removed { get; init; }

    /// <summary>Something beside the snapshot was not done.</summary>
    public bool Incomplete { get; init; }

    /// <summary>Sentences.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}

/// <summary>Files beside the database that a snapshot holds.</summary>
/// <param name="Path">The directory that was captured.</param>
/// <param name="Files">Number of files.</param>
/// <param name="Directories">Number of directories.</param>
/// <param name="Links">Number of symbolic links.</param>
/// <param name="Bytes">Length of the files.</param>
/// <param name="StoredBytes">Bytes of their contents on disk: holes left out, equal contents once.</param>
internal sealed record BulkDetail(string Path, long Files, long Directories, long Links, long Bytes, long StoredBytes)
{
    /// <summary>Of <c>create</c>: files whose content was read, and not taken over from an older snapshot; otherwise null.</summary>
    public long? FilesRead { get; init; }

    /// <summary>Of <c>create</c>: the part of the stored bytes that an older snapshot has too; otherwise null.</summary>
    public long? SharedBytes { get; init; }
}

/// <summary>Of <c>delete</c>.</summary>
internal sealed record DeleteDocument : Document
{
    /// <summary>Full name of the snapshot.</summary>
    public required string Name { get; init; }

    /// <summary>What it alone held on disk; null when unknown.</summary>
    public required long? FreedBytes { get; init; }
}

/// <summary>Of <c>pin</c> and <c>unpin</c>.</summary>
internal sealed record PinDocument : Document
{
    /// <summary>Full name of the snapshot.</summary>
    public required string Name { get; init; }

    /// <summary>Whether retention must keep it.</summary>
    public required bool Permanent { get; init; }

    /// <summary>Why, in the user's words, or null.</summary>
    public required string? Reason { get; init; }

    /// <summary>From then on it is an ordinary snapshot again; null for never.</summary>
    public required DateTimeOffset? Until { get; init; }

    /// <summary>False when it was so already.</summary>
    public required bool Changed { get; init; }
}

/// <summary>Of <c>verify</c>.</summary>
internal sealed record VerifyDocument : Document
{
    /// <summary>No snapshot has a problem.</summary>
    public required bool Sound { get; init; }

    /// <summary>Ordered by name.</summary>
    public required IReadOnlyList<VerdictDetail> Snapshots { get; init; }

    /// <summary>Sentences.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}

/// <summary>What was found in one snapshot.</summary>
/// <param name="Name">Full name.</param>
/// <param name="Files">Files read.</param>
/// <param name="Bytes">Bytes read.</param>
/// <param name="Documents">Documents counted.</param>
/// <param name="Problems">Sentences.</param>
/// <param name="Unread">It cannot be judged: a newer version wrote it, or it is in a form that is not read.</param>
/// <param name="Legacy">The earlier tool wrote it: every document was read, and there are no hashes to compare it with.</param>
/// <param name="Unproven">Collections that are as they were written, but could not be shown to be complete then.</param>
internal sealed record VerdictDetail(string Name, long Files, long Bytes, long Documents, IReadOnlyList<string> Problems, bool Unread, bool Legacy, IReadOnlyList<UnprovenDetail> Unproven);
