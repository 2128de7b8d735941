using System.Text.RegularExpressions;

namespace MetisBackup.IntegrationTests.Conformance;

/// <summary>Recorded examples of interfaces that the embedded server does not have, each with the reason.</summary>
internal static partial class OutOfScope
{
    private static readonly (Regex Names, string Reason)[] Rules =
    [
        (Cluster(), "a single server answers otherwise; recorded on a cluster"),
        (Scripts(), "the embedded server runs no JavaScript"),
        (Pregel(), "Pregel was removed in 3.12"),
        (HotBackup(), "hot backup is no part of the embedded server"),
        (Followers(), "replication appliers were removed in 3.12"),
        (Licences(), "3.11 answers with the licence of the enterprise edition"),
        (BatchRequests(), "the batch request interface was removed in 3.12"),
        (QueryCaches(), "the query caches keep nothing"),
        (OptimizerRules(), "the rules of the query optimizer are not described by the embedded server"),
    ];

    /// <summary>Why an example is not replayed; null for those that are.</summary>
    public static string? Reason(Recording recording) => Rules.FirstOrDefault(rule => rule.Names.IsMatch($"{recording.Version} {recording.Name}")).Reason;

    [GeneratedRegex(" Rest(AdminStatus|AdminSupportInfo|GetResponsibleShard|GetShards).*_cluster$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Cluster();

    [GeneratedRegex(" RestTransaction(Single|Abort|Multi|NonExisting)| job_(getByType_03|getStatusById_02|cancel)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Scripts();

    [GeneratedRegex("Pregel", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Pregel();

    [GeneratedRegex(" RestBackup", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex HotBackup();

    [GeneratedRegex(" RestReplication(Applier|LoggerFollow|LoggerTick)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Followers();

    [GeneratedRegex("^3.11 RestAdminLicenseGet_cluster$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Licences();

    [GeneratedRegex(" RestBatch", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex BatchRequests();

    [GeneratedRegex(" HttpListQuery(Results|Plan)Cache", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex QueryCaches();

    [GeneratedRegex(" RestQueryRules", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex OptimizerRules();
}
