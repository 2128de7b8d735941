using MetisBackup.Core.Snapshots;

namespace MetisBackup.UnitTests.Core.Snapshots;

public sealed class SnapshotMetadataTests
{
    [Fact]
    public void The_documents_of_a_snapshot_are_those_of_all_its_collections()
    {
        var metadata = new SnapshotMetadata { Collections = new Dictionary<string, long>(StringComparer.Ordinal) { ["a"] = 3_000_000_000, ["b"] = 4 } };
        Assert.Equal(3_000_000_004, metadata.Documents);
    }
}
