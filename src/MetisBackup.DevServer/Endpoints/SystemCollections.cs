using System.Text.Json;
using MetisBackup.DevServer.Engine;

namespace MetisBackup.DevServer.Endpoints;

/// <summary>The collections that carry definitions; one that was dropped comes back when it is needed.</summary>
internal static class SystemCollections
{
    private const int DocumentCollection = 2;

    public static CollectionInfo Ensure(WriteTransaction writer, string database, string name) =>
        writer.Catalog.FindCollection(database, name)
        ?? writer.CreateCollection(database, new NewCollection
        {
            Name = name,
            Type = DocumentCollection,
            IsSystem = true,
            Properties = JsonElement.Parse("{}"),
        });
}
