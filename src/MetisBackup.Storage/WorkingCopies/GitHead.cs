using MetisBackup.Storage.Store;

namespace MetisBackup.Storage.WorkingCopies;

/// <summary>
/// The commit that a git working copy stands on, read from its files alone: what the user had checked out when a snapshot was taken.
/// </summary>
/// <param name="Commit">Commit id.</param>
/// <param name="Branch">Branch; null when none is checked out.</param>
public sealed record GitHead(string Commit, string? Branch)
{
    private const int MaxFileLength = 4 * 1024 * 1024;
    private const string RefPrefix = "ref: ";
    private const string BranchPrefix = "refs/heads/";

    /// <summary>Looks for a working copy around a directory.</summary>
    /// <returns>Null when there is none, it has no commit yet, or it cannot be read: nothing that a snapshot may fail for.</returns>
    public static GitHead? Find(string directory)
    {
        try
        {
            for (var folder = new DirectoryInfo(directory); folder is not null; folder = folder.Parent)
            {
                if (Repository(Path.Combine(folder.FullName, ".git")) is { } repository)
                {
                    return Read(repository);
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }

        return null;
    }

    private static GitHead? Read(string repository)
    {
        var head = Text(Path.Combine(repository, "HEAD"));
        if (head is null || !head.StartsWith(RefPrefix, StringComparison.Ordinal))
        {
            return IsCommit(head) ? new GitHead(head!, null) : null;
        }

        var reference = head[RefPrefix.Length..].Trim();
        var common = Text(Path.Combine(repository, "commondir")) is { } path ? Path.GetFullPath(path, repository) : repository;
        var commit = IsInside(reference) ? Text(Path.Combine(common, reference)) ?? Packed(common, reference) : null;
        var branch = reference.StartsWith(BranchPrefix, StringComparison.Ordinal) ? reference[BranchPrefix.Length..] : null;
        return IsCommit(commit) ? new GitHead(commit!, branch) : null;
    }

    /// <summary>The directory that <c>.git</c> is, or that it points to in a linked working copy.</summary>
    private static string? Repository(string dotGit)
    {
        if (Directory.Exists(dotGit))
        {
            return dotGit;
        }

        const string Pointer = "gitdir: ";
        return Text(dotGit) is { } text && text.StartsWith(Pointer, StringComparison.Ordinal)
            ? Path.GetFullPath(text[Pointer.Length..].Trim(), Path.GetDirectoryName(dotGit)!)
            : null;
    }

    private static string? Packed(string repository, string reference) =>
        Text(Path.Combine(repository, "packed-refs"))?
            .Split('\n')
            .FirstOrDefault(line => line.EndsWith(' ' + reference, StringComparison.Ordinal))?
            .Split(' ')[0];

    private static bool IsCommit(string? text) => text is { Length: 40 or 64 } && text.All(char.IsAsciiHexDigitLower);

    private static bool IsInside(string reference) => reference.Split('/').All(static part => part is not ("" or "." or ".."));

    private static string? Text(string path) =>
        new FileInfo(path) is { Exists: true, Length: <= MaxFileLength } && OwnSize.IsRegularFile(path) ? File.ReadAllText(path).Trim() : null;
}
