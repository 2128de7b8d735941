namespace MetisBackup.App.Output;

/// <summary>A column of a table.</summary>
/// <param name="Title">Its head.</param>
/// <param name="IsNumber">Aligned to the right.</param>
/// <param name="CanBeMissed">Left out where there is not enough room.</param>
internal sealed record Column(string Title, bool IsNumber = false, bool CanBeMissed = false);

/// <summary>The texts of a table, made harmless for a terminal.</summary>
internal sealed class TextTable
{
    private const int Gap = 2;
    private const int Frame = 2;

    /// <summary>Takes the texts over.</summary>
    public TextTable(IReadOnlyList<Column> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        Columns = columns;
        Rows = [.. rows.Select(static row => (IReadOnlyList<string>)[.. row.Select(HumanText.Printable)])];
    }

    /// <summary>From left to right.</summary>
    public IReadOnlyList<Column> Columns { get; }

    /// <summary>Each with one text per column.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Rows { get; }

    /// <summary>Without the columns that can be missed, as many as needed to fit, the last one first.</summary>
    public TextTable Within(int width)
    {
        var needed = Frame + Enumerable.Range(0, Columns.Count).Sum(WidthOf);
        var missed = needed <= width ? -1 : Enumerable.Range(0, Columns.Count).LastOrDefault(column => Columns[column].CanBeMissed, -1);
        return missed < 0
            ? this
            : new TextTable([.. Without(Columns, missed)], Rows.Select(row => (IReadOnlyList<string>)[.. Without(row, missed)])).Within(width);
    }

    private int WidthOf(int column) => Gap + Rows.Select(row => row[column].Length).Append(Columns[column].Title.Length).Max();

    private static IEnumerable<T> Without<T>(IEnumerable<T> items, int index) => items.Where((_, position) => position != index);
}
