using MetisBackup.DevServer.Aql;
using MetisBackup.DevServer.Engine;
using MetisBackup.DevServer.Hosting;

namespace MetisBackup.DevServer.Endpoints.Queries;

/// <summary>Reads a query and checks everything that can be checked before it runs: text, parameters, collections, rights.</summary>
internal static class QueryCompiler
{
    /// <summary>Reads and checks a query.</summary>
    /// <param name="request">The query.</param>
    /// <param name="catalog">The definitions of the server.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="prefix">What the server puts before its messages: <c>"AQL: "</c> for cursors, nothing for explain.</param>
    /// <exception cref="ArangoException">400/E15xx for the text and its parameters, 404/E1203 for collections, 403 for rights.</exception>
    public static ParsedQuery Compile(QueryRequest request, Catalog catalog, Caller caller, string prefix = "AQL: ")
    {
        try
        {
            var query = AqlParser.Parse(request.Text);
            QueryPreparation.Check(query, catalog, request.Database, request.Parameters);
            CheckRights(query, request, caller);
            return query;
        }
        catch (ArangoException e) when (e.ErrorNumber is >= 1500 and < 1600)
        {
            throw new ArangoException(e.Status, e.ErrorNumber, $"{prefix}{e.Message} (while parsing)");
        }
    }

    private static void CheckRights(ParsedQuery query, QueryRequest request, Caller caller)
    {
        foreach (var source in query.Names.Sources)
        {
            caller.RequireCollection(request.Database, Name(source, request), AccessLevel.ReadOnly);
        }

        foreach (var target in query.Names.Targets)
        {
            caller.RequireCollection(request.Database, Name(target, request), AccessLevel.ReadWrite);
        }
    }

    private static string Name(DataSource source, QueryRequest request) =>
        source.IsParameter ? request.Parameters["@" + source.Name].Text : source.Name;
}
