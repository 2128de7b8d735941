using MetisBackup.Core.Snapshots;

namespace MetisBackup.UnitTests.Core.Snapshots;

public sealed class ManifestCheckTests
{
    private static readonly SegmentRecord Segment = new()
    {
        Documents = "segments/a/1.jsonl.zst",
        Revisions = "segments/a/1.revs",
        Count = 1,
        RevisionHash = "7",
        RawBytes = 10,
        StoredBytes = 5,
    };

    private static readonly CollectionRecord Collection = new() { Name = "a", Type = 2, Structure = "structure/a.json", Documents = 1, RevisionHash = "7", Segments = [Segment] };

    private static readonly BulkRecord Bulk = new() { Root = "/data", BeganAt = DateTimeOffset.UnixEpoch, CompletedAt = DateTimeOffset.UnixEpoch };

    private static readonly Manifest Sound = new() { Database = "shop", Collections = [Collection], Views = [new StructureRecord { Name = "v", Structure = "structure/v.json" }] };

    public static TheoryData<string, Manifest> Faults => new()
    {
        { "a list is missing", Sound with { Collections = null! } },
        { "a list is missing", Sound with { Views = null! } },
        { "a list is missing", Sound with { Analyzers = null! } },
        { "a list is missing", Sound with { Collections = [null!] } },
        { "a list is missing", Sound with { Collections = [Collection with { Segments = null! }] } },
        { "bulk files", Sound with { Bulk = Bulk with { List = "../list" } } },
        { "bulk files", Sound with { Bulk = Bulk with { Excluded = null! } } },
        { "bulk files", Sound with { Bulk = Bulk with { Root = null! } } },
        { "name of a database", Sound with { Database = "../x" } },
        { "named twice", Sound with { Collections = [Collection, Collection] } },
        { "named twice", Sound with { Views = [Sound.Views[0], Sound.Views[0]] } },
        { "not a number", Sound with { Collections = [Collection with { RevisionHash = "-1" }] } },
        { "not a number", Sound with { Collections = [Collection with { Tree = new TreeRoot { Count = -1, Hash = "0" } }] } },
        { "not a number", Sound with { Collections = [Collection with { Segments = [Segment with { RevisionHash = "x" }] }] } },
        { "not a number", Sound with { Collections = [Collection with { Segments = [Segment with { Excluded = new ExclusionRecord { File = "f", Count = 1, RevisionHash = "" } }] }] } },
    };

    [Theory]
    [MemberData(nameof(Faults), DisableDiscoveryEnumeration = true)]
    public void A_manifest_with_a_fault_is_refused_with_the_reason(string reason, Manifest manifest) =>
        Assert.Contains(reason, Assert.Throws<FormatException>(() => ManifestCheck.Require(manifest)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_sound_manifest_passes()
    {
        ManifestCheck.Require(Sound);
        ManifestCheck.Require(Sound with { Bulk = Bulk });
        ManifestCheck.Require(Sound with { Collections = [Collection with { Tree = new TreeRoot { Count = 1, Hash = "7" } }] });
        Assert.Single(Sound.Collections);
    }
}
