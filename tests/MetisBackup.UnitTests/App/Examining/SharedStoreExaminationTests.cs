using MetisBackup.App.Operations.Examining;

namespace MetisBackup.UnitTests.App.Examining;

public sealed class SharedStoreExaminationTests
{
    private static readonly StoreTenant Production = new("operational", "http://127.0.0.1:8529", "papers", "/backup");
    private static readonly StoreTenant Staging = new("staging", "http://10.0.0.7:8529", "papers", "/backup");

    [Fact]
    public async Task Two_servers_with_one_database_name_in_one_store_are_named_with_the_key_that_parts_them()
    {
        var finding = Assert.Single(await FindAsync(Production, Staging));

        Assert.Equal(FindingSeverity.Problem, finding.Severity);
        Assert.Contains("'operational' and 'staging'", finding.Text, StringComparison.Ordinal);
        Assert.Contains("target.staging.store", finding.Mend, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_store_another_database_or_the_same_server_is_fine() =>
        Assert.Empty(await FindAsync(Production, Staging with { Store = "/backup/staging" }, Staging with { Database = "authors" }, Production with { Target = "again" }));

    private static Task<IReadOnlyList<Finding>> FindAsync(params StoreTenant[] tenants) =>
        new SharedStoreExamination(tenants).RunAsync(fix: false, TestContext.Current.CancellationToken);
}
