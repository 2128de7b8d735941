namespace MetisBackup.Core.Snapshots;

/// <summary>
/// Tells apart the servers whose snapshots lie in one listing. The same server is who calls itself the same; one that did not tell counts
/// as the one that did at the same address, if that is a single one. What tells nothing, as all snapshots of older versions, belongs to the
/// only server there is, and to <see cref="Unknown"/> where there are several or none: rather one series too many than two in one.
/// A copy of a server calls itself the same: somebody has to say that two addresses are of two servers.
/// </summary>
public sealed class KnownServers
{
    /// <summary>The key of what tells no server and can be given to none.</summary>
    public const string Unknown = "";

    private readonly IReadOnlyList<SnapshotServer> _newestFirst;
    private readonly HashSet<string> _apart;
    private readonly Dictionary<string, string?> _idAt;
    private readonly HashSet<string> _copied;
    private readonly List<string> _keys;
    private readonly bool _hasUntold;

    private KnownServers(IReadOnlyList<SnapshotServer?> newestFirst, HashSet<string> apart)
    {
        // a text that was changed by hand may lack the address
        _newestFirst = [.. newestFirst.OfType<SnapshotServer>().Where(static one => !string.IsNullOrEmpty(one.Address))];
        _hasUntold = _newestFirst.Count < newestFirst.Count;
        _apart = apart.Count > 1 ? apart : [];
        var told = _newestFirst.Where(static one => one.Id is not null).ToList();
        _idAt = told.GroupBy(static one => one.Address, StringComparer.Ordinal).ToDictionary(
            static group => group.Key, static group => group.Select(static one => one.Id).Distinct(StringComparer.Ordinal).ToList() is [var only] ? only : null, StringComparer.Ordinal);
        _copied = told.Where(one => _apart.Contains(one.Address)).Distinct().GroupBy(static one => one.Id!, StringComparer.Ordinal)
            .Where(static group => group.Skip(1).Any()).Select(static group => group.Key).ToHashSet(StringComparer.Ordinal);
        _keys = [.. _newestFirst.Select(KeyOf).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>There are two or more, as far as can be told.</summary>
    public bool AreSeveral => _keys.Count > 1 || (_keys.Count == 1 && _hasUntold && _apart.Count > 0);

    /// <summary>The names of all that can be told, the one that was captured last first.</summary>
    public IReadOnlyList<string> Names => [.. _keys.Select(NameOf)];

    /// <summary>The servers of a listing.</summary>
    /// <param name="newestFirst">What each snapshot tells, the newest first; null where one tells nothing.</param>
    /// <param name="apart">
    /// Addresses that are said to be of different servers. Where there are two or more, what tells nothing can be of any of them, and what was
    /// captured at several of them is of a server and its copies, although all call themselves the same.
    /// </param>
    public static KnownServers Of(IEnumerable<SnapshotServer?> newestFirst, IEnumerable<string> apart) => new([.. newestFirst], apart.ToHashSet(StringComparer.Ordinal));

    /// <summary>What the server of a snapshot is known by here; never null.</summary>
    /// <param name="server">What the snapshot tells; null for nothing.</param>
    public string KeyOf(SnapshotServer? server) => server switch
    {
        null or { Address: null or "" } => _apart.Count == 0 && _keys is [var only] ? only : Unknown,
        { Id: { } id } => KeyOf(id, server.Address),
        _ => _idAt.GetValueOrDefault(server.Address) is { } id ? KeyOf(id, server.Address) : server.Address,
    };

    /// <summary>The server that was found at an address last; null when none ever was.</summary>
    public string? At(string address) => _newestFirst.FirstOrDefault(one => one.Address == address) is { } newest ? KeyOf(newest) : null;

    /// <summary>
    /// The server that somebody means who names an address. Addresses change while the server stays: where none of the snapshots was taken
    /// there, it is the only server; <see cref="Unknown"/> when no snapshot tells its server.
    /// </summary>
    /// <param name="address">The address.</param>
    /// <param name="isAlone">False when other servers are named beside it: the only one may then be any of them.</param>
    /// <returns>Null when there is no such server, or it cannot be told which one is meant.</returns>
    public string? Meant(string address, bool isAlone) => At(address) ?? (!isAlone || _keys.Count > 1 ? null : _keys is [var only] ? only : Unknown);

    /// <summary>What to call it in messages: the address where it was found last, and what it calls itself where that says too little.</summary>
    public string NameOf(string key)
    {
        if (_newestFirst.FirstOrDefault(one => KeyOf(one) == key) is not { } newest)
        {
            return "an unknown server";
        }

        var isShared = _newestFirst.Any(one => one.Address == newest.Address && KeyOf(one) != key);
        return isShared ? $"{newest.Address} (server {newest.Id ?? key})" : newest.Address;
    }

    private string KeyOf(string id, string address) => _copied.Contains(id) && _apart.Contains(address) ? $"{id} at {address}" : id;
}
