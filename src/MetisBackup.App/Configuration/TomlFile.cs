using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace MetisBackup.App.Configuration;

/// <summary>What one file says, line by line, and what in it cannot be read.</summary>
/// <param name="path">Where the file lies.</param>
internal sealed class TomlFile(string path)
{
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
        var document = SyntaxParser.Parse(text, path, validate: true);
        foreach (var problem in document.Diagnostics)
        {
            file._faults.Add(new SettingFault(new SettingOrigin(OriginKind.File, path, problem.Span.Start.Line + 1), "", problem.Message.TrimEnd('.')));
        }

        // what follows a fault of form cannot be trusted to mean what it seems to
        if (file._faults.Count == 0)
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
        Add(table.Items, name + ".");
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
