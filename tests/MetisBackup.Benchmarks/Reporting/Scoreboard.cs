using System.Globalization;

namespace MetisBackup.Benchmarks.Reporting;

/// <summary>Prints figures and counts the bars that were missed.</summary>
internal sealed class Scoreboard(string title)
{
    private readonly List<(string Name, string Value, string Bar)> _rows = [];

    public int Missed { get; private set; }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    public void Figure(string name, string value) => _rows.Add((name, value, ""));

    /// <summary>A figure that must not exceed its bar.</summary>
    public void AtMost(string name, double value, double bar, string unit) => Bar(name, value, bar, unit, value <= bar, "<=");

    /// <summary>A figure that must reach its bar.</summary>
    public void AtLeast(string name, double value, double bar, string unit) => Bar(name, value, bar, unit, value >= bar, ">=");

    public int Print()
    {
        Console.WriteLine();
        Console.WriteLine(title);
        foreach (var (name, value, bar) in _rows)
        {
            Console.WriteLine($"  {name,-50} {value,20}   {bar}");
        }

        return Missed;
    }

    private void Bar(string name, double value, double bar, string unit, bool met, string sign)
    {
        Missed += met ? 0 : 1;
        _rows.Add((name, string.Create(CultureInfo.InvariantCulture, $"{value:#,0.##} {unit}"), string.Create(CultureInfo.InvariantCulture, $"{sign} {bar:#,0.##} {unit}  {(met ? "met" : "MISSED")}")));
    }
}
