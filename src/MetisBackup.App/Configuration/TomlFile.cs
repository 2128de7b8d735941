using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace MetisBackup.App.Configuration;

/// <summary>What one file says, line by line, and what in it cannot be read.</summary>
/// <param name="path">Where the file lies.</param>
internal sealed class TomlFile(string path)
{
    /// <summary>A file with more is no configuration, and each line taken out costs another look at all of it.</summary>
    private const int MostTakenOut = 20;

    private readonly string _path = path;
    private readonly List<SettingEntry> _entries = [];
    private readonly List<(string Path, SettingOrigin Origin)> _tables = [];
    private readonly List<SettingFault> _faults = [];

    /// <summary>The keys that have a value, in the order of the file; without those of sections that are unknown as a whole.</summary>
    public IReadOnlyList<SettingEntry> Known => [.. _entries.Where(entry => Schema.Find(entry.Path) is not null || !Strange.Any(table => entry.Path.StartsWith(table.Path + ".", StringComparison.Ordinal)))];

    /// <summary>What is no TOML, or not the part of it that is used here.</summary>
    public IReadOnlyList<SettingFault> Faults => _faults;

    /// <summary>Reads a text.</summary>
    public static TomlFile Parse(string text, string path)
    {
        var file = new TomlFile(path);
        if (file.ReadForm(text) is { } document)
        {
            file.Add(document.KeyValues, "");
            foreach (var table in document.Tables)
            {
                file.Add(table);
            }
        }

        file._faults.AddRange(file.Strange.Select(static table => new SettingFault(table.Origin, $"[{table.Path}]", Schema.WhyNoSection(table.Path))));
        return file;
    }

    /// <summary>
    /// Takes out each line that cannot be read, so that it hides neither the faults of the others nor is told again as theirs. Null when what is left
    /// cannot be trusted to mean what it seems to: after a section whose name is broken, and when something does not end.
    /// </summary>
    private DocumentSyntax? ReadForm(string text)
    {
        var lines = text.Split('\n');
        while (true)
        {
            var document = SyntaxParser.Parse(string.Join('\n', lines), _path, validate: true);
            if (document.Diagnostics.Count == 0)
            {
                return document;
            }

            var first = document.Diagnostics.MinBy(static one => one.Span.Start.Line)!;
            var line = first.Span.Start.Line;
            if (_faults.Count == MostTakenOut || line >= lines.Length || lines[line].Trim() is "" or ['[', ..])
            {
                _faults.AddRange(document.Diagnostics.Select(one => FaultOf(one, lines)));
                return null;
            }

            _faults.Add(FaultOf(first, lines));
            lines[line] = "";
        }
    }

    private SettingFault FaultOf(DiagnosticMessage problem, string[] lines)
    {
        var at = problem.Span.Start.Line;
        var key = at < lines.Length && lines[at].Split('=') is [var left, _, ..] ? left.Trim() : "";
        var section = lines.Take(at).LastOrDefault(static one => one.TrimStart().StartsWith('['))?.Split('#')[0].Trim().Trim('[', ']').Trim();
        var full = !key.Split('.').All(Schema.IsName) ? "" : section is null ? key : $"{section}.{key}";
        return new SettingFault(new SettingOrigin(OriginKind.File, _path, at + 1), full, Unquoted(problem.Message, at < lines.Length ? lines[at] : ""));
    }

    /// <summary>The message without what it repeats of the line, which may be a secret.</summary>
    private static string Unquoted(string message, string line)
    {
        var words = message.Split(" with `")[0].Split('`');
        return string.Join(' ', words.Where((word, at) => at % 2 == 0 || !line.Contains(word, StringComparison.Ordinal)).Select(static word => word.Trim()).Where(static word => word.Length > 0)).TrimEnd('.');
    }

    private IEnumerable<(string Path, SettingOrigin Origin)> Strange => _tables.Where(static table => !Schema.IsSection(table.Path));

    private void Add(TableSyntaxBase table)
    {
        var name = NameOf(table.Name!);
        if (table is TableArraySyntax)
        {
            _faults.Add(new SettingFault(At(table), name, "sections in two brackets are not used here; write [section.NAME]"));
            return;
        }

        _tables.Add((name, At(table)));
        RequireContent(name, table.Items.ChildrenCount, At(table));
        Add(table.Items, name + ".");
    }

    /// <summary>A section without a key would be passed over, and who wrote it believes that it does something.</summary>
    private void RequireContent(string section, int count, SettingOrigin origin)
    {
        if (count == 0 && Schema.IsNamedSection(section))
        {
            _faults.Add(new SettingFault(origin, section, "is empty"));
        }
    }

    private void Add(SyntaxList<KeyValueSyntax> items, string prefix)
    {
        foreach (var item in items)
        {
            Add(item, prefix);
        }
    }

    private void Add(KeyValueSyntax item, string prefix)
    {
        var key = prefix + NameOf(item.Key!);
        if (item.Value is InlineTableSyntax table)
        {
            _tables.Add((key, At(item)));
            RequireContent(key, table.Items.ChildrenCount, At(item));
            foreach (var inner in table.Items)
            {
                Add(inner.KeyValue!, key + ".");
            }
        }
        else
        {
            _entries.Add(new SettingEntry(key, Raw(item.Value), At(item)));
        }
    }

    private static object? Raw(ValueSyntax? value) => value switch
    {
        StringValueSyntax text => text.Value,
        IntegerValueSyntax number => number.Value,
        BooleanValueSyntax flag => flag.Value,
        ArraySyntax list when list.Items.All(static one => one.Value is StringValueSyntax) => (IReadOnlyList<string>)[.. list.Items.Select(static one => ((StringValueSyntax)one.Value!).Value!)],
        _ => null,
    };

    /// <summary>Dots within a quoted name are made visible as something that no key has.</summary>
    private static string NameOf(KeySyntax key) => string.Join('.', ((IEnumerable<BareKeyOrStringValueSyntax?>)[key.Key, .. key.DotKeys.Select(static one => one.Key)]).Select(static one => Word(one).Replace('.', '·')));

    private static string Word(BareKeyOrStringValueSyntax? word) => word switch
    {
        BareKeySyntax bare => bare.Key?.Text ?? "",
        StringValueSyntax text => text.Value ?? "",
        _ => "",
    };

    private SettingOrigin At(SyntaxNode node) => new(OriginKind.File, _path, node.Span.Start.Line + 1);
}
