using System.Collections.Concurrent;
using System.Text.Json;
using MetisBackup.Core.Revisions;

namespace MetisBackup.DevServer.Engine;

/// <summary>The edges of one collection by their ends, as of one state of it.</summary>
internal sealed class EdgeIndex
{
    private static readonly IReadOnlyList<RevisionId> None = [];

    private readonly Dictionary<string, List<RevisionId>> _outgoing = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<RevisionId>> _incoming = new(StringComparer.Ordinal);

    private EdgeIndex()
    {
    }

    /// <summary>Reads all edges of a collection; their ends stand in front of every stored edge.</summary>
    public static EdgeIndex Build(ReadTransaction reader, CollectionInfo collection)
    {
        var index = new EdgeIndex();
        using var cursor = reader.Scan(collection);
        while (cursor.MoveNext())
        {
            var body = new Utf8JsonReader(cursor.Body);
            body.Read();
            body.Read();
            body.Read();
            Add(index._outgoing, body.GetString()!, cursor.Revision);
            body.Read();
            body.Read();
            Add(index._incoming, body.GetString()!, cursor.Revision);
        }

        return index;
    }

    /// <summary>The revisions of the edges that start or end at a vertex, ascending; an edge from the vertex to itself stands there once.</summary>
    public IEnumerable<RevisionId> Find(string vertex, bool outgoing, bool incoming)
    {
        var from = outgoing ? _outgoing.GetValueOrDefault(vertex) ?? None : None;
        var to = incoming ? _incoming.GetValueOrDefault(vertex) ?? None : None;
        return from.Count == 0 ? to : to.Count == 0 ? from : from.Union(to).Order();
    }

    private static void Add(Dictionary<string, List<RevisionId>> ends, string vertex, RevisionId edge)
    {
        if (!ends.TryGetValue(vertex, out var edges))
        {
            ends[vertex] = edges = [];
        }

        edges.Add(edge);
    }
}

/// <summary>Keeps the last index of each edge collection until the collection changes.</summary>
internal sealed class EdgeIndexes
{
    private readonly ConcurrentDictionary<string, (ulong ChangedAt, EdgeIndex Index)> _kept = new(StringComparer.Ordinal);

    /// <summary>The edges of a collection that start or end at a vertex.</summary>
    public IEnumerable<StoredDocument> Find(ReadTransaction reader, CollectionInfo collection, string vertex, (bool Outgoing, bool Incoming) direction)
    {
        foreach (var revision in Of(reader, collection).Find(vertex, direction.Outgoing, direction.Incoming))
        {
            if (reader.TryGetByRevision(collection, revision, out var edge))
            {
                yield return edge;
            }
        }
    }

    /// <summary>A running transaction may have changed what it sees: its index is not kept.</summary>
    private EdgeIndex Of(ReadTransaction reader, CollectionInfo collection)
    {
        var changedAt = reader.Counters(collection)?.ChangedAt ?? 0;
        if (reader is WriteTransaction)
        {
            return EdgeIndex.Build(reader, collection);
        }

        if (_kept.TryGetValue(collection.Id, out var kept) && kept.ChangedAt == changedAt)
        {
            return kept.Index;
        }

        var index = EdgeIndex.Build(reader, collection);
        _kept[collection.Id] = (changedAt, index);
        return index;
    }
}
