using System.Globalization;

namespace MetisBackup.Storage.ArangodumpFormat;

/// <summary>The files of documents in a dump, which collections claim by name.</summary>
/// <param name="lengths">Names of the files in the folder of the dump, with their sizes.</param>
internal sealed class DataFileTable(IReadOnlyDictionary<string, long> lengths)
{
    private static readonly string[] Ends = [".data.json", ".data.json.gz"];

    private readonly HashSet<string> _claimed = new(StringComparer.Ordinal);

    private readonly Dictionary<string, List<(string Name, int? Part)>> _byStem = lengths.Keys
        .Where(static name => Array.Exists(Ends, end => name.EndsWith(end, StringComparison.Ordinal)))
        .GroupBy(static name => Split(name).Stem, static name => (name, Split(name).Part), StringComparer.Ordinal)
        .ToDictionary(static group => group.Key, static group => group.ToList(), StringComparer.Ordinal);

    /// <summary>The files of a collection in order and their size: one, or all parts where it was split. Of several generations the one that the stock tool takes.</summary>
    public (IReadOnlyList<string> Files, long Bytes) Claim(DumpFileNames names)
    {
        foreach (var stem in names.Stems)
        {
            if (!_byStem.TryGetValue(stem, out var files))
            {
                continue;
            }

            var whole = files.Where(static one => one.Part is null).Select(static one => one.Name).OrderBy(static name => name.Length).Take(1).ToList();
            var chosen = whole.Count > 0 ? whole : [.. files.OrderBy(static one => one.Part).Select(static one => one.Name)];
            _claimed.UnionWith(chosen);
            return (chosen, chosen.Sum(name => lengths[name]));
        }

        return ([], 0);
    }

    /// <summary>Files of documents that no collection claimed.</summary>
    public IEnumerable<string> Unclaimed() => _byStem.Values.SelectMany(static files => files).Select(static one => one.Name).Where(name => !_claimed.Contains(name)).Order(StringComparer.Ordinal);

    /// <summary>What stands before the end, and the number of the part that a split file has there.</summary>
    private static (string Stem, int? Part) Split(string name)
    {
        var stem = name[..^Ends.First(end => name.EndsWith(end, StringComparison.Ordinal)).Length];
        var dot = stem.LastIndexOf('.');
        return dot > 0 && int.TryParse(stem.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var part) ? (stem[..dot], part) : (stem, null);
    }
}
