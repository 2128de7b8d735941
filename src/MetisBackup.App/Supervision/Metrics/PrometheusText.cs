using System.Globalization;
using System.Text;

namespace MetisBackup.App.Supervision.Metrics;

/// <summary>
/// Writes the text format of Prometheus, version 0.0.4. The samples of a family stand together whatever the order in which they come, and
/// a value that is not known is no sample.
/// </summary>
internal sealed class PrometheusText
{
    private readonly Dictionary<MetricFamily, List<string>> _samples = [];
    private readonly List<MetricFamily> _families = [];

    /// <summary>Adds a sample.</summary>
    /// <param name="family">What it is of.</param>
    /// <param name="value">Its value; null for unknown.</param>
    /// <param name="labels">Names and values of its labels.</param>
    public void Add(MetricFamily family, double? value, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        if (value is not { } known)
        {
            return;
        }

        if (!_samples.TryGetValue(family, out var samples))
        {
            _samples[family] = samples = [];
            _families.Add(family);
        }

        var text = new StringBuilder(family.Name);
        for (var i = 0; i < labels.Length; i++)
        {
            text.Append(i == 0 ? '{' : ',').Append(labels[i].Name).Append("=\"").Append(Escaped(labels[i].Value)).Append('"');
        }

        samples.Add(text.Append(labels.Length > 0 ? "} " : " ").Append(known.ToString("R", CultureInfo.InvariantCulture)).ToString());
    }

    /// <summary>The text, each family with its help and its type.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var family in _families)
        {
            text.Append("# HELP ").Append(family.Name).Append(' ').Append(family.Help).Append("\n# TYPE ").Append(family.Name).Append(" gauge\n");
            text.AppendJoin('\n', _samples[family]).Append('\n');
        }

        return text.ToString();
    }

    private static string Escaped(string value) => value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
