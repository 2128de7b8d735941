using System.Text;
using MetisBackup.App.Configuration;
using MetisBackup.UnitTests.Architecture;

namespace MetisBackup.UnitTests.App.Configuration;

/// <summary>The manual tells of every key, with the default that the program has. <c>UPDATE_GOLDEN=1</c> writes that part anew.</summary>
public sealed class ConfigurationPageTests
{
    private const string Beginning = "## Every key\n";
    private static readonly string Page = Path.Combine(SourceTree.Root, "docs", "manual", "configuration.md");

    [Fact]
    public void Every_key_stands_in_the_manual_with_its_default()
    {
        var text = File.ReadAllText(Page);
        var expected = Beginning + Tables();
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            var end = text.IndexOf(Beginning, StringComparison.Ordinal);
            File.WriteAllText(Page, (end < 0 ? text : text[..end]) + expected);
            return;
        }

        Assert.EndsWith(expected, text, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_variable_means_one_key()
    {
        var variables = Schema.Keys.Select(key => key.Variable).OfType<string>().ToList();

        Assert.Equal(variables.Count, variables.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Every_default_is_a_legal_value() =>
        Assert.All(Schema.Keys.Where(key => key.Default is not null), key => Assert.Null(key.Type.Fault(key.Default)));

    private static string Tables()
    {
        var tables = new StringBuilder();
        foreach (var section in Schema.Keys.GroupBy(key => key.Section, StringComparer.Ordinal))
        {
            tables.Append($"\n### `[{section.Key.Replace("*", "NAME", StringComparison.Ordinal)}]`\n\n| key | default | meaning |\n|---|---|---|\n");
            foreach (var key in section)
            {
                var usual = key.Default is { } value ? $"`{TomlText.Of(value)}`" : "";
                tables.Append($"| `{key.Name}` | {usual} | {key.Meaning} ({key.Type.Shape}) |\n");
            }
        }

        return tables.ToString();
    }
}
