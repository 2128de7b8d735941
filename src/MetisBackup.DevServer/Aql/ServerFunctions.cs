namespace MetisBackup.DevServer.Aql;

/// <summary>What a query may ask of the server itself.</summary>
internal static class ServerFunctions
{
    /// <summary>The version that this server speaks.</summary>
    public const string ServerVersion = "3.12.10";

    public static void Register(FunctionList list)
    {
        list.AddWithContext("DOCUMENT", 1, 3, Document);
        list.AddWithContext("COLLECTION_COUNT", 1, 1, static (context, a) => AqlValue.From(context.Lookups.Count(context.Collection(a[0].Text))));
        list.AddWithContext("COLLECTIONS", 0, 0, Collections);
        list.AddWithContext("CURRENT_DATABASE", 0, 0, static (context, _) => AqlValue.From(context.Database));
        list.AddWithContext("CURRENT_USER", 0, 0, static (_, _) => AqlValue.Null);
        list.Add("VERSION", 0, 0, static _ => AqlValue.From(ServerVersion));
        list.AddWithContext("SLEEP", 1, 1, Sleep);
        list.AddWithContext("FAIL", 0, 1, static (_, a) => throw AqlErrors.Bad(1569, a.Count > 0 ? $"FAIL({a[0].Text}) called" : "FAIL() called"));
        list.AddWithContext("ASSERT", 2, 2, static (_, a) => a[0].IsTrue ? AqlValue.True : throw AqlErrors.Bad(1593, a[1].Text));
        list.AddWithContext("WARN", 2, 2, Warn);
        list.AddWithContext("CHECK_DOCUMENT", 1, 1, static (_, a) => AqlValue.From(a[0].IsObject));
    }

    /// <summary>The collection part of a document or id; empty where there is none.</summary>
    public static string CollectionOf(AqlValue value)
    {
        var id = value.IsObject ? value.Attribute("_id").Text : value.Text;
        var slash = id.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? id : id[..slash];
    }

    private static AqlValue Document(QueryContext context, IReadOnlyList<AqlValue> arguments)
    {
        var wanted = arguments.Count == 1 ? arguments[0] : arguments[1];
        var collection = arguments.Count == 1 ? null : arguments[0].Text;
        return wanted.IsArray
            ? AqlValue.From([.. wanted.Items.Select(id => Find(context, collection, id.Text)).Where(static d => !d.IsNull)])
            : Find(context, collection, wanted.Text);
    }

    private static AqlValue Find(QueryContext context, string? collection, string id)
    {
        var slash = id.IndexOf('/', StringComparison.Ordinal);
        var name = slash < 0 ? collection : id[..slash];
        if (name is null || (collection is not null && name != collection))
        {
            return AqlValue.Null;
        }

        var info = context.Lookups.Catalog.FindCollection(context.Database, name);
        context.Statistics.DocumentLookups++;
        return info is null
            ? collection is null ? AqlValue.Null : throw AqlErrors.UnknownCollection(name)
            : context.Lookups.TryGet(info, id[(slash + 1)..], out var document) ? new AqlDocument(info.Name, document) : AqlValue.Null;
    }

    private static AqlValue Collections(QueryContext context, IReadOnlyList<AqlValue> arguments)
    {
        var collections = context.Lookups.Catalog.Database(context.Database).Collections.Values.OrderBy(static c => c.Name, StringComparer.Ordinal);
        return AqlValue.From([.. collections.Select(static c => AqlValue.From(
            [new KeyValuePair<string, AqlValue>("_id", AqlValue.From(c.Id)), new("name", AqlValue.From(c.Name))]))]);
    }

    private static AqlValue Sleep(QueryContext context, IReadOnlyList<AqlValue> arguments)
    {
        using var ended = new ManualResetEventSlim();
        using var timer = context.Time.CreateTimer(_ => ended.Set(), null, TimeSpan.FromSeconds(arguments[0].Number), Timeout.InfiniteTimeSpan);
        ended.Wait(context.CancellationToken);
        return AqlValue.Null;
    }

    private static AqlValue Warn(QueryContext context, IReadOnlyList<AqlValue> arguments)
    {
        if (!arguments[0].IsTrue)
        {
            context.Warn(1594, arguments[1].Text);
        }

        return AqlValue.From(arguments[0].IsTrue);
    }
}
