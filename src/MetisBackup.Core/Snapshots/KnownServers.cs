namespace MetisBackup.Core.Snapshots;

/// <summary>
/// Tells apart the servers whose snapshots lie in one listing. The same server is who calls itself the same; one that did not tell counts
/// as the one that did at the same address, if that is a single one. What tells nothing, as all snapshots of older versions, belongs to the
/// only server there is, and to <see cref="Unknown"/> where there are several or none: rather one series too many than two in one.
/// </summary>
public sealed class KnownServers
{
    /// <summary>The key of what tells no server and can be given to none.</summary>
    public const string Unknown = "";

    private readonly IReadOnlyList<SnapshotServer> _newestFirst;
    private readonly Dictionary<string, string?> _idAt;
    private readonly List<string> _keys;

    private KnownServers(IReadOnlyList<SnapshotServer> newestFirst)
    {
        _newestFirst = newestFirst;
        _idAt = newestFirst.Where(static one => one.Id is not null).GroupBy(static one => one.Address, StringComparer.Ordinal).ToDictionary(
            static group => group.Key, static group => group.Select(static one => one.Id).Distinct(StringComparer.Ordinal).ToList() is [var only] ? only : null, StringComparer.Ordinal);
        _keys = [.. newestFirst.Select(KeyOf).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>There are two or more.</summary>
    public bool AreSeveral => _keys.Count > 1;

    /// <summary>The names of all, the one that was captured last first.</summary>
    public IReadOnlyList<string> Names => [.. _keys.Select(NameOf)];

    /// <summary>The servers of a listing.</summary>
    /// <param name="newestFirst">What each snapshot tells, the newest first; null where one tells nothing.</param>
    public static KnownServers Of(IEnumerable<SnapshotServer?> newestFirst) => new([.. newestFirst.OfType<SnapshotServer>()]);

    /// <summary>What the server of a snapshot is known by here; never null.</summary>
    /// <param name="server">What the snapshot tells; null for nothing.</param>
    public string KeyOf(SnapshotServer? server) => server switch
    {
        null => _keys is [var only] ? only : Unknown,
        { Id: { } id } => id,
        _ => _idAt.GetValueOrDefault(server.Address) ?? server.Address,
    };

    /// <summary>The server that was found at an address last; null when none ever was.</summary>
    public string? At(string address) => _newestFirst.FirstOrDefault(one => one.Address == address) is { } newest ? KeyOf(newest) : null;

    /// <summary>
    /// The server that somebody means who names an address. Addresses change while the server stays: where none of the snapshots was taken
    /// there, it is the only server, unless that is at another known address; <see cref="Unknown"/> when no snapshot tells its server.
    /// </summary>
    /// <param name="address">The address.</param>
    /// <param name="elsewhere">Addresses of other servers.</param>
    /// <returns>Null when there is no such server, or it cannot be told which one is meant.</returns>
    public string? Meant(string address, IEnumerable<string> elsewhere) => this switch
    {
        { _keys.Count: 0 } => Unknown,
        _ when At(address) is { } key => key,
        _ => !AreSeveral && Except(elsewhere) is [var only] ? only : null,
    };

    /// <summary>Whether every server is at one of these addresses, so that none is left to be another.</summary>
    public bool AreAllAt(IEnumerable<string> addresses) => Except(addresses).Count == 0;

    private List<string> Except(IEnumerable<string> addresses) => [.. _keys.Except(addresses.Select(At).OfType<string>(), StringComparer.Ordinal)];

    /// <summary>What to call it in messages: the address where it was found last, and what it calls itself where that says too little.</summary>
    public string NameOf(string key)
    {
        if (_newestFirst.FirstOrDefault(one => KeyOf(one) == key) is not { } newest)
        {
            return "an unknown server";
        }

        var isShared = _newestFirst.Any(one => one.Address == newest.Address && KeyOf(one) != key);
        return isShared ? $"{newest.Address} (server {key})" : newest.Address;
    }
}
