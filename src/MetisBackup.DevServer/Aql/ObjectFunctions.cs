namespace MetisBackup.DevServer.Aql;

/// <summary>Objects: attributes, choosing, merging.</summary>
internal static class ObjectFunctions
{
    public static void Register(FunctionList list)
    {
        list.Add("HAS", 2, 2, static a => AqlValue.From(a[0].HasAttribute(a[1].Text)));
        list.Add("ATTRIBUTES", 1, 3, Attributes);
        list.Add("KEYS", 1, 3, Attributes);
        list.Add("VALUES", 1, 2, static a => a[0].IsObject
            ? AqlValue.From([.. Visible(a[0], a.Count > 1 && a[1].IsTrue).Select(static p => p.Value)])
            : AqlValue.Null);
        list.Add("KEEP", 2, 99, static a => Filter(a, keep: true));
        list.Add("UNSET", 2, 99, static a => Filter(a, keep: false));
        list.Add("UNSET_RECURSIVE", 2, 99, static a => UnsetRecursive(a[0], Names(a)));
        list.Add("KEEP_RECURSIVE", 2, 99, static a => Filter(a, keep: true));
        list.Add("MERGE", 1, 99, static a => Merge(a, recursive: false));
        list.Add("MERGE_RECURSIVE", 1, 99, static a => Merge(a, recursive: true));
        list.Add("TRANSLATE", 2, 3, Translate);
        list.Add("VALUE", 2, 2, static a => a[1].Items.Aggregate(a[0], Step));
        list.Add("ZIP", 2, 2, Zip);
        list.Add("ENTRIES", static v => AqlValue.From([.. v.Attributes.Select(static p => AqlValue.From([AqlValue.From(p.Key), p.Value]))]));
        list.Add("MATCHES", 2, 3, Matches);
        list.Add("IS_SAME_COLLECTION", 2, 2, static a => AqlValue.From(ServerFunctions.CollectionOf(a[0]) == ServerFunctions.CollectionOf(a[1])));
        list.Add("PARSE_IDENTIFIER", ParseIdentifier);
        list.Add("PARSE_KEY", static v => ParseIdentifier(v).Attribute("key"));
        list.Add("PARSE_COLLECTION", static v => ParseIdentifier(v).Attribute("collection"));
    }

    private static IEnumerable<KeyValuePair<string, AqlValue>> Visible(AqlValue value, bool withoutSystem) =>
        value.Attributes.Where(p => !withoutSystem || !p.Key.StartsWith('_'));

    private static AqlValue Attributes(IReadOnlyList<AqlValue> arguments)
    {
        var names = Visible(arguments[0], arguments.Count > 1 && arguments[1].IsTrue).Select(static p => p.Key);
        names = arguments.Count > 2 && arguments[2].IsTrue ? names.Order(StringComparer.Ordinal) : names;
        return arguments[0].IsObject ? AqlValue.From([.. names.Select(static n => AqlValue.From(n))]) : AqlValue.Null;
    }

    private static HashSet<string> Names(IReadOnlyList<AqlValue> arguments) =>
        [.. arguments.Skip(1).SelectMany(static v => v.IsArray ? v.Items : [v]).Select(static v => v.Text)];

    private static AqlValue Filter(IReadOnlyList<AqlValue> arguments, bool keep)
    {
        var names = Names(arguments);
        return arguments[0].IsObject ? AqlValue.From([.. arguments[0].Attributes.Where(p => names.Contains(p.Key) == keep)]) : AqlValue.Null;
    }

    private static AqlValue UnsetRecursive(AqlValue value, HashSet<string> names) => value.Type switch
    {
        AqlType.Object => AqlValue.From(
            [.. value.Attributes.Where(p => !names.Contains(p.Key)).Select(p => KeyValuePair.Create(p.Key, UnsetRecursive(p.Value, names)))]),
        AqlType.Array => AqlValue.From([.. value.Items.Select(item => UnsetRecursive(item, names))]),
        _ => value,
    };

    private static AqlValue Merge(IReadOnlyList<AqlValue> arguments, bool recursive)
    {
        var result = new AttributeList(8);
        foreach (var source in arguments.Count == 1 && arguments[0].IsArray ? arguments[0].Items : arguments)
        {
            foreach (var (name, value) in source.Attributes)
            {
                result.Set(name, recursive && value.IsObject && result.Find(name) is { IsObject: true } old ? Merge([old, value], recursive) : value);
            }
        }

        return AqlValue.From(result.Items);
    }

    private static AqlValue Translate(IReadOnlyList<AqlValue> arguments)
    {
        var name = arguments[0].Text;
        return arguments[1].HasAttribute(name) ? arguments[1].Attribute(name) : arguments.Count > 2 ? arguments[2] : arguments[0];
    }

    private static AqlValue Step(AqlValue value, AqlValue part) =>
        value.IsArray ? ((int)part.Number is >= 0 and var n && n < value.Items.Count ? value.Items[n] : AqlValue.Null) : value.Attribute(part.Text);

    private static AqlValue Zip(IReadOnlyList<AqlValue> arguments)
    {
        var result = new AttributeList(arguments[0].Items.Count);
        for (var i = 0; i < arguments[0].Items.Count; i++)
        {
            result.Set(arguments[0].Items[i].Text, i < arguments[1].Items.Count ? arguments[1].Items[i] : AqlValue.Null);
        }

        return AqlValue.From(result.Items);
    }

    private static AqlValue Matches(IReadOnlyList<AqlValue> arguments)
    {
        var examples = arguments[1].IsArray ? arguments[1].Items : [arguments[1]];
        for (var i = 0; i < examples.Count; i++)
        {
            if (examples[i].Attributes.All(p => AqlComparer.Instance.Equals(arguments[0].Attribute(p.Key), p.Value)))
            {
                return arguments.Count > 2 && arguments[2].IsTrue ? AqlValue.From(i) : AqlValue.True;
            }
        }

        return arguments.Count > 2 && arguments[2].IsTrue ? AqlValue.From(-1) : AqlValue.False;
    }

    private static AqlValue ParseIdentifier(AqlValue value)
    {
        var id = value.IsObject ? value.Attribute("_id").Text : value.Text;
        var slash = id.IndexOf('/', StringComparison.Ordinal);
        return slash <= 0
            ? AqlValue.Null
            : AqlValue.From([new KeyValuePair<string, AqlValue>("collection", AqlValue.From(id[..slash])), new("key", AqlValue.From(id[(slash + 1)..]))]);
    }
}
