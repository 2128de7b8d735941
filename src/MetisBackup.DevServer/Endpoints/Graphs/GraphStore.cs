using System.Text.Json;
using MetisBackup.DevServer.Engine;

namespace MetisBackup.DevServer.Endpoints.Graphs;

/// <summary>A graph with the revision of its document.</summary>
internal sealed record StoredGraph(GraphDefinition Definition, string Revision);

/// <summary>The graphs of a database, kept in its collection <c>_graphs</c>.</summary>
internal static class GraphStore
{
    private const string CollectionName = "_graphs";
    private const int DocumentType = 2;
    private const int EdgeType = 3;

    public static IEnumerable<StoredGraph> All(ReadTransaction reader, string database) =>
        reader.Catalog.FindCollection(database, CollectionName) is { } graphs ? reader.Documents(graphs).Select(Read) : [];

    /// <summary>The graph of this name.</summary>
    /// <exception cref="ArangoException">404/E1924 where there is none.</exception>
    public static StoredGraph Get(ReadTransaction reader, string database, string name) => Find(reader, database, name) ?? throw NotFound(name);

    public static StoredGraph? Find(ReadTransaction reader, string database, string name) =>
        reader.Catalog.FindCollection(database, CollectionName) is { } graphs && reader.TryGet(graphs, name, out var document) ? Read(document) : null;

    /// <summary>Creates the graph and the collections that it lacks, or puts the new definition in the place of the old one.</summary>
    /// <exception cref="ArangoException">400/E1921: another graph defines an edge collection otherwise; 400/E1944, E1927: of the wrong type.</exception>
    public static StoredGraph Save(WriteTransaction writer, string database, GraphDefinition graph)
    {
        CheckAgainstOthers(writer, database, graph);
        EnsureCollections(writer, database, graph);
        var graphs = SystemCollections.Ensure(writer, database, CollectionName);
        var json = JsonValues.Build(output =>
        {
            output.WriteStartObject();
            graph.WriteProperties(output);
            output.WriteEndObject();
        });
        var parsed = DocumentText.Parse(System.Text.Encoding.UTF8.GetBytes(json.GetRawText()), isEdge: false);
        var document = new StoredDocument(graph.Name, writer.NewRevision(), parsed.Body);
        if (writer.Contains(graphs, graph.Name))
        {
            writer.Replace(graphs, document);
        }
        else
        {
            writer.Insert(graphs, document);
        }

        return new StoredGraph(graph, document.Revision.ToRev());
    }

    public static void Remove(WriteTransaction writer, string database, string name) =>
        writer.Remove(writer.Catalog.Collection(database, CollectionName), name);

    /// <summary>Drops those of the collections that no graph uses any more.</summary>
    public static void DropUnused(WriteTransaction writer, string database, IEnumerable<string> collections)
    {
        var used = All(writer, database).SelectMany(static g => g.Definition.Collections).ToHashSet(StringComparer.Ordinal);
        foreach (var name in collections.Where(name => !used.Contains(name)))
        {
            if (writer.Catalog.FindCollection(database, name) is { } collection)
            {
                Views.ViewLinks.Rename(writer, database, collection.Name, null);
                writer.DropCollection(collection);
            }
        }
    }

    private static ArangoException NotFound(string name) => new(404, 1924, $"graph '{name}' not found");

    private static StoredGraph Read(StoredDocument document) =>
        new(GraphDefinition.Read(document.Key, JsonElement.Parse(document.Body.Span)), document.Revision.ToRev());

    private static void CheckAgainstOthers(ReadTransaction reader, string database, GraphDefinition graph)
    {
        foreach (var other in All(reader, database).Where(other => other.Definition.Name != graph.Name))
        {
            foreach (var edge in graph.Edges)
            {
                if (other.Definition.Edges.FirstOrDefault(e => e.Collection == edge.Collection) is { } theirs && !theirs.IsSame(edge))
                {
                    throw new ArangoException(400, 1921, $"{edge.Collection} edge collection already used in edge def");
                }
            }
        }
    }

    private static void EnsureCollections(WriteTransaction writer, string database, GraphDefinition graph)
    {
        var edges = graph.EdgeCollections.ToHashSet(StringComparer.Ordinal);
        foreach (var name in graph.Collections)
        {
            var type = edges.Contains(name) ? EdgeType : DocumentType;
            if (writer.Catalog.FindCollection(database, name) is { } existing)
            {
                if (type == EdgeType && existing.Type != EdgeType)
                {
                    throw new ArangoException(400, 1944, "edge definition collection is a document collection");
                }

                continue;
            }

            if (!ObjectNames.IsCollection(name, isSystem: false))
            {
                throw ArangoErrors.IllegalName();
            }

            writer.CreateCollection(database, new NewCollection { Name = name, Type = type, Properties = JsonElement.Parse("{}") });
        }
    }
}
