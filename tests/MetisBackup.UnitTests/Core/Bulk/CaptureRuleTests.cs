using MetisBackup.Core.Bulk;

namespace MetisBackup.UnitTests.Core.Bulk;

public sealed class CaptureRuleTests
{
    private static readonly FileTime Changed = new(1000, 5);
    private static readonly TreeEntry Earlier = new()
    {
        Path = TreePath.Parse("a"u8),
        Kind = TreeEntryKind.File,
        Size = 7,
        ModifiedAt = new FileTime(900, 0),
        Stamp = new FileStamp(42, Changed),
    };

    [Fact]
    public void A_file_that_looks_the_same_and_was_at_rest_is_unchanged() => Assert.True(Judge(Earlier));

    [Fact]
    public void Anything_that_differs_makes_it_changed()
    {
        Assert.False(Judge(Earlier with { Size = 8 }));
        Assert.False(Judge(Earlier with { ModifiedAt = new FileTime(900, 1) }));
        Assert.False(Judge(Earlier with { Stamp = new FileStamp(43, Changed) }));
        Assert.False(Judge(Earlier with { Stamp = new FileStamp(42, Changed with { Nanoseconds = 6 }) }));
        Assert.False(Judge(Earlier with { Torn = true }));
        Assert.False(Judge(Earlier with { Kind = TreeEntryKind.Link }));
    }

    [Fact]
    public void A_file_that_was_written_within_two_seconds_of_the_capture_counts_as_changed()
    {
        Assert.False(Judge(Earlier, new FileTime(1002, 5)));
        Assert.True(Judge(Earlier, new FileTime(1002, 6)));
    }

    [Fact]
    public void Times_compare_to_the_nanosecond()
    {
        Assert.True(new FileTime(1, 0) < new FileTime(1, 1) && new FileTime(2, 0) > new FileTime(1, 9));
        Assert.True(new FileTime(1, 0) <= new FileTime(1, 0) && new FileTime(1, 1) >= new FileTime(1, 1));
    }

    [Fact]
    public void Holes_take_no_bytes() => Assert.Equal((7, 3), (Earlier.StoredBytes, (Earlier with { DataBytes = 3 }).StoredBytes));

    private static bool Judge(TreeEntry earlier, FileTime? began = null) =>
        CaptureRule.IsUnchanged(earlier, began ?? new FileTime(5000, 0), 7, new FileTime(900, 0), new FileStamp(42, Changed));
}
