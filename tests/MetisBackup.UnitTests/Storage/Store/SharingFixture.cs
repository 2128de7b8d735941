using System.Text.Json;
using MetisBackup.Core.Revisions;
using MetisBackup.Core.Snapshots;
using MetisBackup.Storage.Store;

namespace MetisBackup.UnitTests.Storage.Store;

/// <summary>
/// Makes a snapshot as a later, incremental one looks: it has the segments of an older one and leaves some revisions out. Nothing in the
/// product writes this yet, but every reader of the format must understand it.
/// </summary>
internal static class SharingFixture
{
    private const string Id = "00000000000000ab";

    public static SnapshotEntry Share(StoreFixture fixture, SnapshotEntry parent, string name, params int[] excludedNumbers)
    {
        var folder = Path.Combine(fixture.Path, name);
        CopyFolder(parent.Path, folder);
        foreach (var replaced in new[] { "metadata.json", "manifest.json", HashList.FileName })
        {
            File.Delete(Path.Combine(folder, replaced));
        }

        var hashes = HashList.Parse(File.ReadAllBytes(Path.Combine(parent.Path, HashList.FileName)));
        var manifest = Read<Manifest>(parent, "manifest.json", json => JsonSerializer.Deserialize(json, SnapshotJson.Default.Manifest));
        var excluded = excludedNumbers.Order().Select(StoreFixture.Revision).ToList();
        var collection = Exclude(manifest.Collections[0], excluded);
        var file = collection.Segments[0].Excluded!.File;
        StoreFile.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, file))!);
        hashes.Set(file, ExclusionList.Write(Path.Combine(folder, file), excluded));
        Write(folder, "manifest.json", JsonSerializer.SerializeToUtf8Bytes(manifest with { Id = Id, Collections = [collection, .. manifest.Collections.Skip(1)] }, SnapshotJson.Default.Manifest), hashes);
        var metadata = parent.Metadata! with { Id = Id, Sequence = parent.Sequence + 1, SnapshotName = name };
        Write(folder, "metadata.json", JsonSerializer.SerializeToUtf8Bytes(metadata, SnapshotJson.Default.SnapshotMetadata), hashes);
        StoreFile.WriteSealed(Path.Combine(folder, HashList.FileName), hashes.Write());
        return fixture.Store.Find(name);
    }

    public static void CopyFolder(string source, string target)
    {
        StoreFile.CreateDirectory(target);
        foreach (var file in Directory.GetFiles(source, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(source, file));
            StoreFile.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private static CollectionRecord Exclude(CollectionRecord collection, List<RevisionId> excluded)
    {
        var sum = RevisionSummary.Of(excluded);
        var left = new RevisionSummary(collection.Summary().Count - sum.Count, collection.Summary().Hash ^ sum.Hash);
        var record = new ExclusionRecord
        {
            File = Path.ChangeExtension("excluded/" + collection.Segments[0].Revisions["segments/".Length..], ExclusionList.Extension),
            Count = (long)sum.Count,
            RevisionHash = TreeRoot.Of(sum).Hash,
        };
        return collection with
        {
            Tree = TreeRoot.Of(left),
            Documents = (long)left.Count,
            RevisionHash = TreeRoot.Of(left).Hash,
            Segments = [collection.Segments[0] with { Excluded = record }],
        };
    }

    private static T Read<T>(SnapshotEntry entry, string file, Func<byte[], T?> read) => read(File.ReadAllBytes(Path.Combine(entry.Path, file)))!;

    private static void Write(string folder, string file, byte[] content, HashList hashes) =>
        hashes.Set(file, StoreFile.WriteSealed(Path.Combine(folder, file), content));
}
