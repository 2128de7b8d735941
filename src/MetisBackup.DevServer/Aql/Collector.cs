namespace MetisBackup.DevServer.Aql;

/// <summary>COLLECT: groups rows, aggregates over them, keeps or counts them. Groups come out sorted by their values.</summary>
internal sealed class Collector(QueryContext context, AqlEvaluator evaluator)
{
    private const int GroupBytes = 128;

    public IEnumerable<AqlValue?[]> Collect(CollectStatement collect, IEnumerable<AqlValue?[]> rows)
    {
        var groups = new Dictionary<AqlValue, Group>(AqlComparer.Instance);
        foreach (var row in rows)
        {
            var key = AqlValue.From([.. collect.Groups.Select(group => evaluator.Evaluate(group.Value, row))]);
            if (!groups.TryGetValue(key, out var found))
            {
                context.Hold(GroupBytes);
                groups.Add(key, found = new Group(row, collect.Aggregates));
            }

            Add(collect, found, row);
        }

        if (groups.Count == 0 && collect.Groups.Count == 0)
        {
            groups.Add(AqlValue.From(Array.Empty<AqlValue>()), new Group(new AqlValue?[context.Query.Slots], collect.Aggregates));
        }

        foreach (var (key, group) in groups.OrderBy(static pair => pair.Key, AqlComparer.Instance))
        {
            yield return Row(collect, key, group);
        }
    }

    private void Add(CollectStatement collect, Group group, AqlValue?[] row)
    {
        group.Count++;
        for (var i = 0; i < collect.Aggregates.Count; i++)
        {
            group.Accumulators[i].Add(evaluator.Evaluate(collect.Aggregates[i].Argument, row));
        }

        if (collect.Into is { } into)
        {
            context.Hold(GroupBytes);
            group.Members.Add(into.Projection is { } projection
                ? evaluator.Evaluate(projection, row)
                : AqlValue.From([.. into.Kept.Select(kept => KeyValuePair.Create(kept.Name, row[kept.Slot] ?? AqlValue.Null))]));
        }
    }

    private AqlValue?[] Row(CollectStatement collect, AqlValue key, Group group)
    {
        var row = (AqlValue?[])group.First.Clone();
        for (var i = 0; i < collect.Groups.Count; i++)
        {
            row[collect.Groups[i].Variable.Slot] = key.Items[i];
        }

        for (var i = 0; i < collect.Aggregates.Count; i++)
        {
            row[collect.Aggregates[i].Variable.Slot] = group.Accumulators[i].Result(context);
        }

        if (collect.Into is { } into)
        {
            row[into.Variable.Slot] = AqlValue.From(group.Members);
        }

        if (collect.CountInto is { } count)
        {
            row[count.Slot] = AqlValue.From(group.Count);
        }

        return row;
    }

    private sealed class Group(AqlValue?[] first, IReadOnlyList<Aggregate> aggregates)
    {
        public AqlValue?[] First { get; } = first;

        public Accumulator[] Accumulators { get; } = [.. aggregates.Select(static a => new Accumulator(a.Function))];

        public List<AqlValue> Members { get; } = [];

        public long Count { get; set; }
    }
}

/// <summary>One aggregate of one group; the common ones keep no values.</summary>
internal sealed class Accumulator(string function)
{
    private readonly List<AqlValue> _values = [];
    private AqlValue _extreme = AqlValue.Null;
    private double _sum;
    private long _count;
    private long _numbers;

    public void Add(AqlValue value)
    {
        _count++;
        switch (function)
        {
            case "COUNT" or "LENGTH":
                break;
            case "SUM" or "AVERAGE" or "AVG":
                _sum += value.Number;
                _numbers += value.IsNull ? 0 : 1;
                break;
            case "MIN" or "MAX":
                var order = AqlComparer.Instance.Compare(value, _extreme);
                if (!value.IsNull && (_extreme.IsNull || (function == "MIN" ? order < 0 : order > 0)))
                {
                    _extreme = value;
                }

                break;
            default:
                _values.Add(value);
                break;
        }
    }

    public AqlValue Result(QueryContext context) => function switch
    {
        "COUNT" or "LENGTH" => AqlValue.From(_count),
        "SUM" => AqlValue.From(_sum),
        "AVERAGE" or "AVG" => _numbers == 0 ? AqlValue.Null : AqlValue.From(_sum / _numbers),
        "MIN" or "MAX" => _extreme,
        "PUSH" => AqlValue.From(_values),
        _ => AqlFunctions.Call(function, context, [AqlValue.From(_values)]),
    };
}
