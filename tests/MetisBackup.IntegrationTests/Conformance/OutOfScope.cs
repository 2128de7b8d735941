using System.Text.RegularExpressions;

namespace MetisBackup.IntegrationTests.Conformance;

/// <summary>Recorded examples of interfaces that the embedded server does not have, each with the reason.</summary>
internal static partial class OutOfScope
{
    private static readonly (Regex Names, string Reason)[] Rules =
    [
        (Cluster(), "a single server answers otherwise; recorded on a cluster"),
        (Jobs(), "asynchronous jobs are no part of the embedded server"),
        (Tasks(), "server-side JavaScript tasks are no part of the embedded server"),
        (Pregel(), "Pregel was removed in 3.12"),
        (HotBackup(), "hot backup is no part of the embedded server"),
        (ScriptTransactions(), "transactions written in JavaScript are no part of the embedded server"),
        (Followers(), "replication appliers and loggers are no part of the embedded server"),
        (WalTail(), "the operations of the write-ahead log are not kept"),
        (BatchRequests(), "the batch request interface was removed in 3.12"),
        (QueryCaches(), "there are no query caches"),
        (Monitoring(), "statistics and metrics describe the recorded process"),
        (AccessTokens(), "access tokens are no part of the embedded server"),
        (OptimizerRules(), "the rules of the query optimizer are not described by the embedded server"),
    ];

    /// <summary>Why an example is not replayed; null for those that are.</summary>
    public static string? Reason(string name) => Rules.FirstOrDefault(rule => rule.Names.IsMatch(name)).Reason;

    [GeneratedRegex("_cluster$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Cluster();

    [GeneratedRegex("^job_", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Jobs();

    [GeneratedRegex("^RestTasks", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Tasks();

    [GeneratedRegex("Pregel", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Pregel();

    [GeneratedRegex("^RestBackup", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex HotBackup();

    [GeneratedRegex("^RestTransaction(Single|Abort|Multi|NonExisting)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ScriptTransactions();

    [GeneratedRegex("^RestReplication(Applier|Logger|ServerId)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Followers();

    [GeneratedRegex("^RestWalAccess", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex WalTail();

    [GeneratedRegex("^RestBatch", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex BatchRequests();

    [GeneratedRegex("Query(Results|Plan)Cache", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex QueryCaches();

    [GeneratedRegex("^RestAdmin(Metrics|Statistics|StatisticsDescription|SupportInfo)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Monitoring();

    [GeneratedRegex("^RestAccessToken", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AccessTokens();

    [GeneratedRegex("^RestQueryRules", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex OptimizerRules();
}
