using MetisBackup.Core.Naming;

namespace MetisBackup.Core.Snapshots;

/// <summary>What every manifest must fulfil before anything in it is used: it may have been damaged or written by somebody else.</summary>
public static class ManifestCheck
{
    /// <summary>Checks lists, names and numbers.</summary>
    /// <exception cref="FormatException">The message says what is wrong, as half a sentence.</exception>
    public static void Require(Manifest manifest)
    {
        if (manifest.Collections is null || manifest.Views is null || manifest.Analyzers is null || manifest.Collections.Any(one => one?.Segments is null))
        {
            throw new FormatException("a list is missing");
        }

        if (!ServerNames.IsDatabase(manifest.Database))
        {
            throw new FormatException($"{QuotedName.Of(manifest.Database)} cannot be the name of a database");
        }

        if (manifest.Bulk is { } bulk && (bulk.List != BulkRecord.ListPath || bulk.Excluded is null || bulk.Root is null))
        {
            throw new FormatException("what it says of bulk files cannot be");
        }

        RequireDistinct(manifest.Collections.Select(static one => one.Name));
        RequireDistinct(manifest.Views.Select(static one => one.Name));
        foreach (var collection in manifest.Collections)
        {
            _ = (collection.Summary(), collection.Tree?.Summary());
            foreach (var segment in collection.Segments)
            {
                _ = (segment.Summary(), segment.Excluded?.Summary());
            }
        }
    }

    private static void RequireDistinct(IEnumerable<string> names)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (!seen.Add(name))
            {
                throw new FormatException($"{QuotedName.Of(name)} is named twice");
            }
        }
    }
}
