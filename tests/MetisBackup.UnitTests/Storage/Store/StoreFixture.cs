using System.Text;
using System.Text.Json;
using MetisBackup.Core.Revisions;
using MetisBackup.Core.Snapshots;
using MetisBackup.Storage.Store;

namespace MetisBackup.UnitTests.Storage.Store;

/// <summary>A store in a temporary folder with a clock that only moves when told.</summary>
internal sealed class StoreFixture : IDisposable
{
    private const ulong FirstRevision = 1_786_843_968_436_174_848;

    private readonly string _folder;

    public StoreFixture(string? path = null)
    {
        // a store that is given belongs to the folder of somebody else
        _folder = path ?? Directory.CreateTempSubdirectory("metis-store-").FullName;
        Path = path ?? System.IO.Path.Combine(_folder, "snapshots");
        Store = SnapshotStore.Open(Path, Clock, createIfMissing: true);
    }

    public string Path { get; }

    public SteppedClock Clock { get; } = new();

    public SnapshotStore Store { get; }

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The revision of the document with this number.</summary>
    public static RevisionId Revision(int number) => new(FirstRevision + (ulong)number);

    /// <summary>A document as the server sends it, without a line end.</summary>
    public static string Document(int number, string collection = "c", string padding = "") =>
        $$"""{"_key":"k{{number}}","_id":"{{collection}}/k{{number}}","_rev":"{{Revision(number).ToRev()}}","n":{{number}},"p":"{{padding}}"}""";

    public static byte[] Lines(IEnumerable<string> documents) => Encoding.UTF8.GetBytes(string.Concat(documents.Select(document => document + "\n")));

    public static byte[] Lines(int first, int count, string padding = "") =>
        Lines(Enumerable.Range(first, count).Select(number => Document(number, padding: padding)));

    /// <summary>Writes and commits a snapshot of the collections given, each with its lines.</summary>
    public async Task<SnapshotEntry> CreateAsync(string description, params (string Collection, byte[] Lines)[] collections)
    {
        await using var writer = Store.Begin("db", description);
        var records = new List<CollectionRecord>();
        foreach (var (name, lines) in collections)
        {
            records.Add(await WriteAsync(writer, name, lines));
        }

        return await writer.CommitAsync(new Manifest { Database = "db", Collections = records }, new SnapshotMetadata(), Token);
    }

    public static async Task<CollectionRecord> WriteAsync(SnapshotWriter writer, string name, params byte[][] batches)
    {
        var collection = writer.OpenCollection(name);
        foreach (var batch in batches)
        {
            await collection.WriteAsync(batch, Token);
        }

        var data = await collection.CompleteAsync(Token);
        return new CollectionRecord
        {
            Name = name,
            Type = 2,
            Structure = await writer.WriteStructureAsync(StructureKind.Collection, name, Structure(name), Token),
            Tree = TreeRoot.Of(data.Summary),
            Documents = data.Documents,
            RevisionHash = TreeRoot.Of(data.Summary).Hash,
            Segments = data.Segments,
        };
    }

    public static byte[] Structure(string name) => Encoding.UTF8.GetBytes($$"""{"parameters":{"name":"{{JsonEncodedText.Encode(name)}}"},"indexes":[]}""");

    public static async Task<byte[]> ReadAllAsync(SnapshotReader reader, string collection)
    {
        var all = new MemoryStream();
        await foreach (var block in reader.ReadDocumentsAsync(reader.Manifest.Collections.Single(record => record.Name == collection), Token))
        {
            using (block)
            {
                Assert.Equal(block.Lines.Span.Count((byte)'\n'), block.Documents);
                all.Write(block.Lines.Span);
            }
        }

        return all.ToArray();
    }

    /// <summary>Names of everything in the store, hidden folders included but not the locks.</summary>
    public IEnumerable<string> Folders() => Directory.EnumerateDirectories(Path).Select(folder => System.IO.Path.GetFileName(folder)!).Where(name => name != ".locks").Order();

    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }
}

/// <summary>A clock that stands still between steps.</summary>
internal sealed class SteppedClock : TimeProvider
{
    private DateTimeOffset _now = new(2026, 11, 23, 2, 0, 0, TimeSpan.Zero);

    public TimeZoneInfo Zone { get; set; } = TimeZoneInfo.Utc;

    public override TimeZoneInfo LocalTimeZone => Zone;

    public override DateTimeOffset GetUtcNow() => _now;

    public void Step(TimeSpan span) => _now += span;
}
