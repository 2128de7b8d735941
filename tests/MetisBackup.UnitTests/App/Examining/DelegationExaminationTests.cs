using MetisBackup.App.Operations.Examining;
using MetisBackup.Core.Naming;
using MetisBackup.UnitTests.Storage.Processes;

namespace MetisBackup.UnitTests.App.Examining;

public sealed class DelegationExaminationTests
{
    private const string Everything = "destroy,hold,mount,release,snapshot,userprop";

    [Theory]
    [InlineData("tank/db", "Local+Descendent permissions:", "user metis")]
    [InlineData("tank/db", "Local permissions:", "group backup")]
    [InlineData("tank", "Descendent permissions:", "everyone")]
    public async Task Who_has_the_rights_by_whatever_way_is_told_only_what_needs_root(string place, string scope, string who)
    {
        var found = Assert.Single(await ExamineAsync([(place, scope, $"{who} {Everything}")]));

        Assert.Equal(FindingSeverity.Note, found.Severity);
        Assert.Contains("need root", found.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tank/db", "Descendent permissions:", "user metis " + Everything)]
    [InlineData("tank", "Local permissions:", "user metis " + Everything)]
    [InlineData("tank/db", "Local permissions:", "group strangers " + Everything)]
    public async Task Rights_of_others_or_elsewhere_do_not_count(string place, string scope, string grant)
    {
        var found = Assert.Single(await ExamineAsync([(place, scope, grant)]));

        Assert.Equal((FindingSeverity.Problem, $"zfs allow -u metis {Everything} tank/db"), (found.Severity, found.Mend));
    }

    [Fact]
    public async Task Only_what_is_missing_is_to_be_granted()
    {
        var found = Assert.Single(await ExamineAsync([("tank/db", "Local permissions:", "user metis snapshot,mount,hold,userprop")]));

        Assert.Equal("Account metis may not destroy, release on tank/db.", found.Text);
    }

    [Fact]
    public async Task A_set_of_rights_that_is_not_looked_into_leaves_a_doubt()
    {
        var found = Assert.Single(await ExamineAsync([("tank/db", "Local permissions:", "user metis @backup")]), static one => one.IsOpen);

        Assert.Equal(FindingSeverity.Warning, found.Severity);
        Assert.Contains("only if @backup contains it", found.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Root_needs_no_rights_and_old_commands_are_a_note()
    {
        Assert.Empty(await ExamineAsync([], account: null));

        var found = Assert.Single(await ExamineAsync([], account: null, unknown: 2));
        Assert.Equal((FindingSeverity.Note, true), (found.Severity, found.Text.Contains("zfs list -p, zfs get -t, zfs destroy", StringComparison.Ordinal)));
    }

    private static Task<IReadOnlyList<Finding>> ExamineAsync(IReadOnlyList<(string Place, string Scope, string Grant)> grants, string? account = "metis", int unknown = 0)
    {
        string[] recording =
        [
            "### 1 | zfs list -Hp -d 0 -o name tank/db", $"rc={unknown}",
            "### 2 | zfs get -H -t filesystem -o name type tank/db", $"rc={unknown}",
            "### 3 | zfs destroy -n tank/db@metis-probe-1,metis-probe-2", $"rc={(unknown == 0 ? 1 : unknown)}",
            "### 4 | id -Gn -- metis", "rc=0", "O: metis backup",
            .. Allowed("tank/db", grants),
            .. Allowed("tank", grants),
        ];
        return new DelegationExamination(DatasetName.Require("tank/db"), "zfs", account, new RecordedProcessRunner(recording)).RunAsync(fix: false, TestContext.Current.CancellationToken);
    }

    private static IEnumerable<string> Allowed(string place, IReadOnlyList<(string Place, string Scope, string Grant)> grants) =>
    [
        $"### 5 | zfs allow {place}", "rc=0",
        .. grants.Where(one => one.Place == place).SelectMany(one => (string[])[$"O: ---- Permissions on {place} ----", "O: " + one.Scope, "O: \t" + one.Grant]),
    ];
}
