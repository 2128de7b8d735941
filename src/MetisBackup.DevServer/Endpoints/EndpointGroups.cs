using MetisBackup.DevServer.Endpoints.Analyzers;
using MetisBackup.DevServer.Endpoints.Collections;
using MetisBackup.DevServer.Endpoints.Documents;
using MetisBackup.DevServer.Endpoints.Dumps;
using MetisBackup.DevServer.Endpoints.Edges;
using MetisBackup.DevServer.Endpoints.Graphs;
using MetisBackup.DevServer.Endpoints.Imports;
using MetisBackup.DevServer.Endpoints.Indexes;
using MetisBackup.DevServer.Endpoints.Jobs;
using MetisBackup.DevServer.Endpoints.Monitoring;
using MetisBackup.DevServer.Endpoints.Queries;
using MetisBackup.DevServer.Endpoints.Replication;
using MetisBackup.DevServer.Endpoints.Tasks;
using MetisBackup.DevServer.Endpoints.Transactions;
using MetisBackup.DevServer.Endpoints.Users;
using MetisBackup.DevServer.Endpoints.Views;
using MetisBackup.DevServer.Hosting;

namespace MetisBackup.DevServer.Endpoints;

/// <summary>Every API group of the server; each adds its routes here.</summary>
internal static class EndpointGroups
{
    public static void Map(RouteTable routes, ServerContext server)
    {
        ServerEndpoints.Map(routes, server);
        AdminEndpoints.Map(routes, server);
        OptionEndpoints.Map(routes, server);
        StatisticsEndpoints.Map(routes, server);
        DatabaseEndpoints.Map(routes, server);
        UserEndpoints.Map(routes, server);
        AccessTokenEndpoints.Map(routes, server);
        CollectionEndpoints.Map(routes, server);
        IndexEndpoints.Map(routes, server);
        DocumentEndpoints.Map(routes, server);
        EdgeEndpoints.Map(routes, server);
        ImportEndpoints.Map(routes, server);
        TransactionEndpoints.Map(routes, server);
        CursorEndpoints.Map(routes, server);
        JobEndpoints.Map(routes, server.Jobs);
        QueryEndpoints.Map(routes, server);
        QueryCacheEndpoints.Map(routes);
        TaskEndpoints.Map(routes, server);
        ViewEndpoints.Map(routes, server);
        AnalyzerEndpoints.Map(routes, server);
        GraphEndpoints.Map(routes, server);
        FunctionEndpoints.Map(routes, server);
        ReplicationEndpoints.Map(routes, server);
        DumpEndpoints.Map(routes, server);
    }
}
