namespace MetisBackup.DevServer.Aql;

/// <summary>Numbers and statistics over arrays of them.</summary>
internal static class NumberFunctions
{
    public static void Register(FunctionList list)
    {
        AddUnary(list, "ABS", Math.Abs);
        AddUnary(list, "CEIL", Math.Ceiling);
        AddUnary(list, "FLOOR", Math.Floor);
        AddUnary(list, "ROUND", static x => Math.Floor(x + 0.5));
        AddUnary(list, "SQRT", Math.Sqrt);
        AddUnary(list, "EXP", Math.Exp);
        AddUnary(list, "EXP2", static x => Math.Pow(2, x));
        AddUnary(list, "LOG", Math.Log);
        AddUnary(list, "LOG2", Math.Log2);
        AddUnary(list, "LOG10", Math.Log10);
        AddUnary(list, "SIN", Math.Sin);
        AddUnary(list, "COS", Math.Cos);
        AddUnary(list, "TAN", Math.Tan);
        AddUnary(list, "ASIN", Math.Asin);
        AddUnary(list, "ACOS", Math.Acos);
        AddUnary(list, "ATAN", Math.Atan);
        AddUnary(list, "RADIANS", double.DegreesToRadians);
        AddUnary(list, "DEGREES", double.RadiansToDegrees);
        list.Add("ATAN2", 2, 2, static a => AqlValue.From(Math.Atan2(a[0].Number, a[1].Number)));
        list.Add("POW", 2, 2, static a => AqlValue.From(Math.Pow(a[0].Number, a[1].Number)));
        list.Add("PI", 0, 0, static _ => AqlValue.From(Math.PI));
#pragma warning disable CA5394 // RAND promises no secrecy
        list.Add("RAND", 0, 0, static _ => AqlValue.From(Random.Shared.NextDouble()));
#pragma warning restore CA5394
        list.Add("RANGE", 2, 3, Range);
        AddAggregate(list, static numbers => numbers.Sum(), empty: 0, "SUM");
        AddAggregate(list, static numbers => numbers.Aggregate(1.0, static (x, y) => x * y), empty: 1, "PRODUCT");
        AddAggregate(list, static numbers => numbers.Average(), empty: null, "AVERAGE", "AVG");
        AddAggregate(list, static numbers => Percentile(numbers, 0.5), empty: null, "MEDIAN");
        AddAggregate(list, static numbers => Variance(numbers, 0), empty: null, "VARIANCE", "VARIANCE_POPULATION");
        AddAggregate(list, static numbers => Variance(numbers, 1), empty: null, "VARIANCE_SAMPLE");
        AddAggregate(list, static numbers => Math.Sqrt(Variance(numbers, 0)), empty: null, "STDDEV", "STDDEV_POPULATION");
        AddAggregate(list, static numbers => Math.Sqrt(Variance(numbers, 1)), empty: null, "STDDEV_SAMPLE");
        list.Add("MIN", static v => Extreme(v, -1));
        list.Add("MAX", static v => Extreme(v, 1));
        list.Add("PERCENTILE", 2, 3, static a => Numbers(a[0]) is { Count: > 0 } numbers ? AqlValue.From(Percentile(numbers, a[1].Number / 100)) : AqlValue.Null);
    }

    private static void AddUnary(FunctionList list, string name, Func<double, double> function) =>
        list.Add(name, value => AqlValue.From(function(value.Number)));

    private static void AddAggregate(FunctionList list, Func<IReadOnlyList<double>, double> function, double? empty, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            list.Add(name, value =>
            {
                var numbers = Numbers(value);
                return !value.IsArray ? AqlValue.Null
                    : numbers.Count > 0 ? AqlValue.From(function(numbers))
                    : empty is { } result ? AqlValue.From(result) : AqlValue.Null;
            });
        }
    }

    private static List<double> Numbers(AqlValue value) => [.. value.Items.Where(static i => !i.IsNull).Select(static i => i.Number)];

    private static AqlValue Extreme(AqlValue value, int direction)
    {
        var best = AqlValue.Null;
        foreach (var item in value.Items)
        {
            if (!item.IsNull && (best.IsNull || Math.Sign(AqlComparer.Instance.Compare(item, best)) == direction))
            {
                best = item;
            }
        }

        return best;
    }

    private static double Percentile(IReadOnlyList<double> numbers, double fraction)
    {
        var sorted = numbers.Order().ToList();
        var place = fraction * (sorted.Count - 1);
        var low = (int)Math.Floor(place);
        var high = (int)Math.Ceiling(place);
        return sorted[low] + ((sorted[high] - sorted[low]) * (place - low));
    }

    private static double Variance(IReadOnlyList<double> numbers, int correction)
    {
        var mean = numbers.Average();
        return numbers.Sum(n => (n - mean) * (n - mean)) / (numbers.Count - correction);
    }

    private static AqlValue Range(IReadOnlyList<AqlValue> arguments)
    {
        var from = arguments[0].Number;
        var to = arguments[1].Number;
        if (arguments.Count < 3)
        {
            return new AqlRange((long)from, (long)to);
        }

        var step = arguments[2].Number;
        if (step == 0 || (from < to && step < 0) || (from > to && step > 0))
        {
            return AqlValue.Null;
        }

        var items = new List<AqlValue>();
        for (var number = from; step > 0 ? number <= to : number >= to; number += step)
        {
            items.Add(AqlValue.From(number));
        }

        return AqlValue.From(items);
    }
}
