namespace MetisBackup.DevServer.Aql;

/// <summary>Arrays as sets, and what COLLECT needs of them.</summary>
internal static class SetFunctions
{
    public static void Register(FunctionList list)
    {
        list.Add("UNIQUE", static v => Distinct(v.Items));
        list.Add("SORTED_UNIQUE", static v => AqlValue.From([.. v.Items.Distinct(AqlComparer.Instance).Order(AqlComparer.Instance)]));
        list.Add("COUNT_DISTINCT", CountDistinct);
        list.Add("COUNT_UNIQUE", CountDistinct);
        list.Add("UNION", 2, 99, static a => AqlValue.From([.. a.SelectMany(static v => v.Items)]));
        list.Add("UNION_DISTINCT", 2, 99, static a => Distinct(a.SelectMany(static v => v.Items)));
        list.Add("INTERSECTION", 2, 99, static a => AqlValue.From([.. Intersect(a)]));
        list.Add("MINUS", 2, 99, static a => AqlValue.From([.. Subtract(a)]));
        list.Add("OUTERSECTION", 2, 99, Outersection);
        list.Add("JACCARD", 2, 2, Jaccard);
    }

    private static AqlValue Distinct(IEnumerable<AqlValue> items) => AqlValue.From([.. items.Distinct(AqlComparer.Instance)]);

    private static AqlValue CountDistinct(AqlValue value) => AqlValue.From(value.Items.Distinct(AqlComparer.Instance).Count());

    private static IEnumerable<AqlValue> Intersect(IReadOnlyList<AqlValue> lists) =>
        lists.Skip(1).Aggregate((IEnumerable<AqlValue>)lists[0].Items, static (all, next) => all.Intersect(next.Items, AqlComparer.Instance));

    private static IEnumerable<AqlValue> Subtract(IReadOnlyList<AqlValue> lists) =>
        lists.Skip(1).Aggregate((IEnumerable<AqlValue>)lists[0].Items, static (all, next) => all.Except(next.Items, AqlComparer.Instance));

    private static AqlValue Outersection(IReadOnlyList<AqlValue> lists)
    {
        var groups = lists.SelectMany(static v => v.Items.Distinct(AqlComparer.Instance)).GroupBy(static v => v, AqlComparer.Instance);
        return AqlValue.From([.. groups.Where(static g => g.Count() == 1).Select(static g => g.Key)]);
    }

    private static AqlValue Jaccard(IReadOnlyList<AqlValue> lists)
    {
        var union = lists.SelectMany(static v => v.Items).Distinct(AqlComparer.Instance).Count();
        return AqlValue.From(union == 0 ? 1 : (double)Intersect(lists).Count() / union);
    }
}
