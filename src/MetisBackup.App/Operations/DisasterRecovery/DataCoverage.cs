using MetisBackup.Arango.Client;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Naming;
using MetisBackup.Storage.Zfs;

namespace MetisBackup.App.Operations.DisasterRecovery;

/// <summary>Where the server's data lies, from what the user knows.</summary>
internal sealed record CoverageRequest
{
    /// <summary>Paths that must lie on the data set.</summary>
    public IReadOnlyList<string> DataPaths { get; init; } = [];

    /// <summary>Configuration of the server; may be missing.</summary>
    public required string ServerConfiguration { get; init; }

    /// <summary>Paths that the user knows to lie elsewhere, and accepts.</summary>
    public IReadOnlyList<string> Accepted { get; init; } = [];
}

/// <summary>Whether all that belongs to the server's data lies on the data set or on one below it.</summary>
internal static class DataCoverage
{
    /// <summary>Insists on it.</summary>
    /// <param name="request">What the user knows.</param>
    /// <param name="told">What the server says; null when it does not.</param>
    /// <param name="tree">The data set and those below it.</param>
    /// <param name="mounts">What is mounted where.</param>
    /// <returns>What could not be checked, one sentence each.</returns>
    /// <exception cref="MetisException">14, with each path that is not captured.</exception>
    public static IReadOnlyList<string> Require(CoverageRequest request, ServerPaths? told, IReadOnlyList<DatasetName> tree, MountTable mounts)
    {
        var named = Paths(request, told).ToList();
        var paths = named.Where(static one => Path.IsPathRooted(one.Path)).Select(static one => (one.What, one.Path, Real: MountTable.WithoutLinks(one.Path))).ToList();
        var captured = tree.Select(static one => one.Value).ToHashSet(StringComparer.Ordinal);
        var accepted = request.Accepted.Select(MountTable.WithoutLinks).ToList();
        var gaps = paths
            .Concat(paths.SelectMany(one => Within(one.Path, one.Real, mounts)))
            .Where(one => !accepted.Exists(known => MountTable.Covers(known, one.Real)) && !(mounts.SourceOf(one.Real) is { } source && captured.Contains(source)))
            .Select(one => $"{one.What} {one.Path} (on {mounts.SourceOf(one.Real) ?? "nothing that is mounted"})")
            .Distinct(StringComparer.Ordinal)
            .ToList();
        if (gaps.Count > 0)
        {
            throw new MetisException(
                ErrorCode.CoverageGap,
                $"Data set {tree[0]} does not hold all of the server's data: {string.Join("; ", gaps)}.",
                "move it onto the data set or onto one below it; --accept-outside PATH says that a path need not be captured");
        }

        return paths.Count == 0
            ? [$"It was not checked that all of the server's data lies on {tree[0]}: neither the server nor {request.ServerConfiguration} tells where it is; name it with --data-path."]
            : [.. named.Where(static one => !Path.IsPathRooted(one.Path)).Select(static one => $"It was not checked where {one.What} '{one.Path}' lies: it is no absolute path; name it with --data-path.")];
    }

    /// <summary>What looks as if it lay below a path, but lies elsewhere: other file systems mounted there, and links.</summary>
    private static IEnumerable<(string What, string Path, string Real)> Within(string path, string real, MountTable mounts)
    {
        // ZFS mounts a snapshot below the data set when somebody looks into it
        const string SnapshotFolder = "/.zfs/";
        foreach (var (point, _) in mounts.Below(real).Where(static one => !one.Point.Contains(SnapshotFolder, StringComparison.Ordinal)))
        {
            yield return ($"what is mounted below {path},", point, point);
        }

        foreach (var (link, target) in SymbolicLinks.Below(real))
        {
            yield return ($"what {link} links to,", target, target);
        }
    }

    /// <summary>The configuration, for what the server does not tell. One that may not be read stops only a run that knows nothing from the server.</summary>
    private static ServerConfiguration? Configured(CoverageRequest request, ServerPaths? told)
    {
        try
        {
            return ServerConfiguration.TryRead(request.ServerConfiguration);
        }
        catch (MetisException) when (told?.Database is not null)
        {
            return null;
        }
    }

    private static IEnumerable<(string What, string Path)> Paths(CoverageRequest request, ServerPaths? told)
    {
        var configured = Configured(request, told);
        (string What, string? Path)[] found =
        [
            ("database directory", told?.Database ?? configured?.Value("database.directory")),
            ("WAL directory", told?.WriteAheadLog ?? configured?.Value("rocksdb.wal-directory")),
            ("Foxx app path", told?.Apps ?? configured?.Value("javascript.app-path")),
            .. request.DataPaths.Select(static path => ("path", (string?)path)),
        ];
        return found.Where(static one => one.Path is not null).Select(static one => (one.What, one.Path!));
    }
}
