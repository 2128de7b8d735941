using MetisBackup.Core.Bulk;

namespace MetisBackup.Storage.Bulk;

/// <summary>What a capture has to tell: how often, and the first few names.</summary>
internal sealed class BulkWarnings
{
    private const int MostNames = 5;

    private readonly List<string> _sentences = [];
    private readonly List<string> _special = [];
    private readonly List<string> _torn = [];
    private long _specials;
    private long _torns;
    private long _vanished;

    /// <summary>A sentence of its own.</summary>
    public void Add(string sentence) => _sentences.Add(sentence);

    /// <summary>A pipe, socket or device.</summary>
    public void AddSpecial(TreePath path) => _specials = AddName(_special, _specials, path);

    /// <summary>A file that changed during every attempt to read it; null for none.</summary>
    public void AddTorn(TreePath? path) => _torns = path is null ? _torns : AddName(_torn, _torns, path);

    /// <summary>Entries that went away.</summary>
    public void AddVanished(long count) => _vanished += count;

    /// <summary>All of it.</summary>
    public IReadOnlyList<string> Sentences()
    {
        var all = new List<string>(_sentences);
        if (_torns > 0)
        {
            all.Add($"{Files(_torns)} changed whenever read, so the captured content may be of no single moment: {Names(_torn, _torns)}. The list of the snapshot marks it.");
        }

        if (_specials > 0)
        {
            all.Add($"{(_specials == 1 ? "1 entry is a pipe, socket or device and was" : $"{_specials} entries are pipes, sockets or devices and were")} left out: {Names(_special, _specials)}.");
        }

        if (_vanished > 0)
        {
            all.Add($"{Files(_vanished)} went away during the capture and {(_vanished == 1 ? "is" : "are")} not in the snapshot.");
        }

        return all;
    }

    private static long AddName(List<string> names, long count, TreePath path)
    {
        if (names.Count < MostNames)
        {
            names.Add(path.ToString());
        }

        return count + 1;
    }

    private static string Files(long count) => count == 1 ? "1 file" : $"{count} files";

    private static string Names(List<string> names, long count) =>
        string.Join(", ", names) + (count > names.Count ? $" and {count - names.Count} more" : "");
}
