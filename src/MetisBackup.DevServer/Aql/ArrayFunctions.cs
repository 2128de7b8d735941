namespace MetisBackup.DevServer.Aql;

/// <summary>Arrays: size, places, changing and cutting.</summary>
internal static class ArrayFunctions
{
    public static void Register(FunctionList list)
    {
        list.Add("LENGTH", Length);
        list.Add("COUNT", Length);
        list.Add("FIRST", static v => v.Items is { Count: > 0 } items ? items[0] : AqlValue.Null);
        list.Add("LAST", static v => v.Items is { Count: > 0 } items ? items[^1] : AqlValue.Null);
        list.Add("NTH", 2, 2, static a => (int)a[1].Number is >= 0 and var n && n < a[0].Items.Count ? a[0].Items[n] : AqlValue.Null);
        list.Add("REVERSE", Reverse);
        list.Add("SLICE", 2, 3, Slice);
        list.Add("PUSH", 2, 3, static a => Add(a[0], [a[1]], unique: a.Count > 2 && a[2].IsTrue, front: false));
        list.Add("UNSHIFT", 2, 3, static a => Add(a[0], [a[1]], unique: a.Count > 2 && a[2].IsTrue, front: true));
        list.Add("APPEND", 2, 3, static a => Add(a[0], a[1].IsArray ? a[1].Items : [a[1]], unique: a.Count > 2 && a[2].IsTrue, front: false));
        list.Add("POP", static v => Part(v, 0, v.Items.Count - 1));
        list.Add("SHIFT", static v => Part(v, 1, v.Items.Count));
        list.Add("POSITION", 2, 3, Position);
        list.Add("CONTAINS_ARRAY", 2, 3, Position);
        list.Add("FLATTEN", 1, 2, static a => AqlValue.From([.. Flatten(a[0].Items, a.Count > 1 ? (int)a[1].Number : 1)]));
        list.Add("REMOVE_NTH", 2, 2, RemoveNth);
        list.Add("REMOVE_VALUE", 2, 3, static a => RemoveValues(a[0], [a[1]], a.Count > 2 ? (int)a[2].Number : int.MaxValue));
        list.Add("REMOVE_VALUES", 2, 2, static a => RemoveValues(a[0], a[1].Items, int.MaxValue));
        list.Add("SORTED", static v => v.IsArray ? AqlValue.From([.. v.Items.Order(AqlComparer.Instance)]) : AqlValue.Null);
        list.Add("REPLACE_NTH", 3, 4, ReplaceNth);
        list.Add("INTERLEAVE", 1, 99, Interleave);
    }

    private static AqlValue Length(AqlValue value) => value.Type switch
    {
        AqlType.Array => AqlValue.From(value is AqlRange range ? range.Count : value.Items.Count),
        AqlType.Object => AqlValue.From(value.Attributes.Count),
        _ => AqlValue.From(value.Text.EnumerateRunes().Count()),
    };

    private static AqlValue Reverse(AqlValue value)
    {
        if (value.IsArray)
        {
            return AqlValue.From([.. value.Items.Reverse()]);
        }

        var runes = value.Text.EnumerateRunes().ToList();
        runes.Reverse();
        return AqlValue.From(string.Concat(runes));
    }

    private static AqlValue Part(AqlValue value, int from, int to) =>
        value.IsArray ? AqlValue.From([.. value.Items.Take(Math.Max(0, to)).Skip(from)]) : AqlValue.Null;

    private static AqlValue Slice(IReadOnlyList<AqlValue> arguments)
    {
        var count = arguments[0].Items.Count;
        var start = (int)arguments[1].Number;
        start = start < 0 ? Math.Max(0, count + start) : start;
        var length = arguments.Count > 2 && !arguments[2].IsNull ? (int)arguments[2].Number : count;
        return Part(arguments[0], start, length < 0 ? count + length : (int)Math.Min(count, (long)start + length));
    }

    private static AqlValue Add(AqlValue list, IReadOnlyList<AqlValue> added, bool unique, bool front)
    {
        var items = new List<AqlValue>(list.Items);
        foreach (var value in added)
        {
            if (!unique || !items.Contains(value, AqlComparer.Instance))
            {
                items.Insert(front ? 0 : items.Count, value);
            }
        }

        return AqlValue.From(items);
    }

    private static AqlValue Position(IReadOnlyList<AqlValue> arguments)
    {
        var items = arguments[0].Items;
        var place = -1;
        for (var i = 0; i < items.Count && place < 0; i++)
        {
            place = AqlComparer.Instance.Equals(items[i], arguments[1]) ? i : -1;
        }

        return arguments.Count > 2 && arguments[2].IsTrue ? AqlValue.From(place) : AqlValue.From(place >= 0);
    }

    private static IEnumerable<AqlValue> Flatten(IEnumerable<AqlValue> items, int depth) =>
        items.SelectMany(item => item.IsArray && depth > 0 ? Flatten(item.Items, depth - 1) : [item]);

    private static AqlValue RemoveNth(IReadOnlyList<AqlValue> arguments)
    {
        var items = new List<AqlValue>(arguments[0].Items);
        var place = (int)arguments[1].Number;
        place += place < 0 ? items.Count : 0;
        if (place >= 0 && place < items.Count)
        {
            items.RemoveAt(place);
        }

        return AqlValue.From(items);
    }

    private static AqlValue RemoveValues(AqlValue list, IReadOnlyList<AqlValue> removed, int limit)
    {
        var items = new List<AqlValue>();
        foreach (var item in list.Items)
        {
            if (limit > 0 && removed.Contains(item, AqlComparer.Instance))
            {
                limit--;
            }
            else
            {
                items.Add(item);
            }
        }

        return AqlValue.From(items);
    }

    private static AqlValue ReplaceNth(IReadOnlyList<AqlValue> arguments)
    {
        var items = new List<AqlValue>(arguments[0].Items);
        var place = (int)arguments[1].Number;
        place += place < 0 ? items.Count : 0;
        while (arguments.Count > 3 && items.Count <= place)
        {
            items.Add(arguments[3]);
        }

        if (place >= 0 && place < items.Count)
        {
            items[place] = arguments[2];
        }

        return AqlValue.From(items);
    }

    private static AqlValue Interleave(IReadOnlyList<AqlValue> arguments)
    {
        var items = new List<AqlValue>();
        for (var i = 0; i < arguments.Max(static a => a.Items.Count); i++)
        {
            items.AddRange(arguments.Where(a => i < a.Items.Count).Select(a => a.Items[i]));
        }

        return AqlValue.From(items);
    }
}
