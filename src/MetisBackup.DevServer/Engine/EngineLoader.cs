using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace MetisBackup.DevServer.Engine;

/// <summary>Reads definitions and counters at the start.</summary>
internal static class EngineLoader
{
    public static EngineState Load(SqlConnection connection)
    {
        var databases = new Dictionary<string, DatabaseInfo>(StringComparer.Ordinal);
        using (var rows = connection.Prepare("SELECT kind, id, parent, body FROM definitions ORDER BY kind, id"))
        {
            while (rows.Step())
            {
                Add(databases, rows);
            }
        }

        var catalog = new Catalog(databases.Values.ToImmutableDictionary(database => database.Name, StringComparer.Ordinal));
        return new EngineState(catalog, Sequence(connection), Counters(connection));
    }

    private static void Add(Dictionary<string, DatabaseInfo> databases, SqlStatement row)
    {
        var id = row.Int64(1).ToString(CultureInfo.InvariantCulture);
        var parent = row.Int64(2).ToString(CultureInfo.InvariantCulture);
        using var body = JsonDocument.Parse(row.Bytes(3).ToArray());
        switch (row.Int64(0))
        {
            case DefinitionText.DatabaseKind:
                databases.Add(id, DefinitionText.ReadDatabase(id, body.RootElement));
                break;
            case DefinitionText.CollectionKind:
                var collection = DefinitionText.ReadCollection(id, parent, body.RootElement);
                databases[parent] = databases[parent] with { Collections = databases[parent].Collections.Add(collection.Name, collection) };
                break;
            default:
                var view = DefinitionText.ReadView(id, body.RootElement);
                databases[parent] = databases[parent] with { Views = databases[parent].Views.Add(view.Name, view) };
                break;
        }
    }

    private static ulong Sequence(SqlConnection connection)
    {
        using var row = connection.Rent(SqlText.ReadServer);
        row.Step();
        var sequence = RecordNumber.FromStored(row.Int64(3));
        return sequence;
    }

    private static ImmutableDictionary<string, CollectionState> Counters(SqlConnection connection)
    {
        var counters = ImmutableDictionary.CreateBuilder<string, CollectionState>(StringComparer.Ordinal);
        using var rows = connection.Prepare("SELECT id, count, last_revision, last_key, range_min, range_max FROM counters");
        while (rows.Step())
        {
            counters.Add(rows.Int64(0).ToString(CultureInfo.InvariantCulture), new CollectionState
            {
                Count = rows.Int64(1),
                LastRevision = RecordNumber.FromStored(rows.Int64(2)),
                LastKey = RecordNumber.FromStored(rows.Int64(3)),
                RangeMin = RecordNumber.FromStored(rows.Int64(4)),
                RangeMax = RecordNumber.FromStored(rows.Int64(5)),
            });
        }

        return counters.ToImmutable();
    }
}
