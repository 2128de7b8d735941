using MetisBackup.DevServer.Engine;

namespace MetisBackup.DevServer.Aql;

/// <summary>Prepares a query for its database: collections and bind parameters are checked before anything runs.</summary>
internal static class QueryPreparation
{
    /// <summary>Checks the bind parameters against the text and the collections against the catalogue.</summary>
    /// <exception cref="ArangoException">400/E1551, E1552, E1553 for parameters; 404/E1203 for collections.</exception>
    public static void Check(ParsedQuery query, Catalog catalog, string database, IReadOnlyDictionary<string, AqlValue> parameters)
    {
        foreach (var name in query.Names.Parameters)
        {
            if (!parameters.TryGetValue(name, out var value))
            {
                throw AqlErrors.MissingBindParameter(name);
            }

            if (name.StartsWith('@') && !value.IsText)
            {
                throw AqlErrors.InvalidBindParameter(name);
            }
        }

        if (parameters.Keys.FirstOrDefault(name => !query.Names.Parameters.Contains(name, StringComparer.Ordinal)) is { } unknown)
        {
            throw AqlErrors.UndeclaredBindParameter(unknown);
        }

        foreach (var source in query.Names.Sources.Concat(query.Names.Targets))
        {
            var name = source.IsParameter ? parameters["@" + source.Name].Text : source.Name;
            if (catalog.FindCollection(database, name) is null && (query.Names.Targets.Contains(source) || catalog.FindView(database, name) is null))
            {
                throw AqlErrors.UnknownCollection(name);
            }
        }
    }
}
