using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace MetisBackup.Storage.ArangodumpFormat;

/// <summary>The names that the files of a collection have in a dump (arangodb-protocol 8.1): the MD5 keeps apart names that differ in case only.</summary>
/// <param name="collection">Name of the collection.</param>
/// <param name="id">Its id, which stands for names that are no file names; null when unknown.</param>
internal sealed class DumpFileNames(string collection, string? id)
{
    /// <summary>Everything that may stand before <c>.structure.json</c> or <c>.data.json</c>, in the order in which the stock tool looks.</summary>
    public IReadOnlyList<string> Stems { get; } = id is null
        ? [$"{collection}_{Digest(collection)}", collection]
        : [$"{collection}_{Digest(collection)}", $"{id}_{Digest(collection)}", collection, id];

    [SuppressMessage("Security", "CA5351:Do Not Use Broken Cryptographic Algorithms", Justification = "part of the names of files in the format, no protection")]
    private static string Digest(string name) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(name)));
}
