using System.IO.Hashing;

namespace MetisBackup.Storage.Store;

/// <summary>
/// Keys of documents, as 64-bit hashes: about 16 bytes each. May in principle take a key for another one, so what follows from it needs
/// a proof.
/// </summary>
public sealed class KeySet
{
    private readonly HashSet<ulong> _hashes = [];

    /// <summary>Number of different keys.</summary>
    public int Count => _hashes.Count;

    /// <summary>Whether a key, in UTF-8, was added.</summary>
    public bool Contains(ReadOnlySpan<byte> key) => _hashes.Contains(XxHash3.HashToUInt64(key));

    internal void Add(ReadOnlySpan<byte> key) => _hashes.Add(XxHash3.HashToUInt64(key));
}
