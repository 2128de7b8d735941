using MetisBackup.App.Output;

namespace MetisBackup.UnitTests.App;

public sealed class TextTableTests
{
    private static readonly TextTable Table = new(
        [new Column("NAME"), new Column("SIZE", CanBeMissed: true), new Column("TAKEN", CanBeMissed: true)],
        [["metis_a", "12 kB", "yesterday"], ["b\u001b", "1 kB", "today"]]);

    [Theory]
    [InlineData(29, "NAME SIZE TAKEN")]
    [InlineData(28, "NAME SIZE")]
    [InlineData(17, "NAME")]
    [InlineData(1, "NAME")]
    public void Columns_that_can_be_missed_go_from_the_right(int width, string columns) =>
        Assert.Equal(columns, string.Join(' ', Table.Within(width).Columns.Select(column => column.Title)));

    [Fact]
    public void Cells_go_with_their_columns_and_are_harmless() =>
        Assert.Equal(["b\\u001b", "1 kB"], Table.Within(28).Rows[1]);
}
