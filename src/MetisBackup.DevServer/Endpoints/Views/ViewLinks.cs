using MetisBackup.DevServer.Engine;

namespace MetisBackup.DevServer.Endpoints.Views;

/// <summary>Keeps views true when the collections change that they look into.</summary>
internal static class ViewLinks
{
    /// <summary>A collection gets another name (null: it goes); views follow.</summary>
    public static void Rename(WriteTransaction writer, string database, string collection, string? name)
    {
        foreach (var view in writer.Catalog.Database(database).Views.Values.Where(view => Uses(view, collection)))
        {
            var properties = view.Type == SearchAliasView.Type
                ? SearchAliasView.WithCollections(view.Properties, other => other == collection ? name : other)
                : ArangoSearchView.WithLinks(view.Properties, other => other == collection ? name : other);
            writer.PutView(database, view with { Properties = properties });
        }
    }

    private static bool Uses(ViewInfo view, string collection) => view.Type == SearchAliasView.Type
        ? (view.Properties.ItemsOf("indexes") ?? []).Any(entry => entry.TextOf("collection") == collection)
        : view.Properties.ObjectOf("links")?.Find(collection) is not null;
}
