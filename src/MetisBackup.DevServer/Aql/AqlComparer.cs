namespace MetisBackup.DevServer.Aql;

/// <summary>
/// The order of values: null &lt; bool &lt; number &lt; text &lt; array &lt; object, then by content (arangodb-protocol 11.4). Texts are
/// compared by code unit, where the real server uses a collation.
/// </summary>
internal sealed class AqlComparer : IComparer<AqlValue>, IEqualityComparer<AqlValue>
{
    public static readonly AqlComparer Instance = new();

    public int Compare(AqlValue? x, AqlValue? y)
    {
        x ??= AqlValue.Null;
        y ??= AqlValue.Null;
        if (x.Type != y.Type)
        {
            return x.Type.CompareTo(y.Type);
        }

        return x.Type switch
        {
            AqlType.Bool => x.IsTrue.CompareTo(y.IsTrue),
            AqlType.Number => x.Number.CompareTo(y.Number),
            AqlType.Text => string.CompareOrdinal(x.Text, y.Text),
            AqlType.Array => CompareItems(x.Items, y.Items),
            AqlType.Object => CompareAttributes(x, y),
            _ => 0,
        };
    }

    public bool Equals(AqlValue? x, AqlValue? y) => Compare(x, y) == 0;

    public int GetHashCode(AqlValue obj) => obj.Type switch
    {
        AqlType.Bool => obj.IsTrue.GetHashCode(),
        AqlType.Number => obj.Number.GetHashCode(),
        AqlType.Text => obj.Text.GetHashCode(StringComparison.Ordinal),
        AqlType.Array => obj.Items.Where(static i => !i.IsNull).Aggregate(3, (hash, item) => HashCode.Combine(hash, GetHashCode(item))),
        AqlType.Object => obj.Attributes.Where(static a => !a.Value.IsNull)
            .Aggregate(5, (hash, a) => hash ^ HashCode.Combine(a.Key, GetHashCode(a.Value))),
        _ => 0,
    };

    /// <summary>A missing element counts as null.</summary>
    private int CompareItems(IReadOnlyList<AqlValue> x, IReadOnlyList<AqlValue> y)
    {
        for (var i = 0; i < Math.Max(x.Count, y.Count); i++)
        {
            var order = Compare(i < x.Count ? x[i] : AqlValue.Null, i < y.Count ? y[i] : AqlValue.Null);
            if (order != 0)
            {
                return order;
            }
        }

        return 0;
    }

    private int CompareAttributes(AqlValue x, AqlValue y)
    {
        var names = x.Attributes.Concat(y.Attributes).Select(static a => a.Key).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        foreach (var name in names)
        {
            var order = Compare(x.Attribute(name), y.Attribute(name));
            if (order != 0)
            {
                return order;
            }
        }

        return 0;
    }
}
