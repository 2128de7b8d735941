using MetisBackup.App.Operations.DisasterRecovery;
using MetisBackup.App.Operations.Examining;
using MetisBackup.App.Operations.Watching;
using MetisBackup.Core.Naming;

namespace MetisBackup.UnitTests.App.Examining;

/// <summary>A pool in states that a test cannot bring a real one into, played by two programs.</summary>
public sealed class DatasetExaminationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("metis-zfs-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("DEGRADED", (int)FindingSeverity.Warning)]
    [InlineData("FAULTED", (int)FindingSeverity.Problem)]
    public async Task A_pool_that_is_not_well_is_told_beside_what_it_does_not_answer(string health, int severity)
    {
        Install("zpool", $"printf 'tank\\t95%%\\t{health}\\n'");
        Install("zfs", "echo 'cannot open: I/O error' >&2; exit 1");
        var settings = new DrSettings(DatasetName.Require("tank/db"), Path.Combine(_folder, "zfs"), Path.Combine(_folder, "state"), Path.Combine(_folder, "log"));

        var found = await new DatasetExamination(settings, new StatusLimits(), TimeProvider.System).RunAsync(fix: true, TestContext.Current.CancellationToken);

        Assert.Equal([$"Pool tank is {health}.", "Pool tank is 95 % full."], found.Take(2).Select(static one => one.Text));
        Assert.All(found.Take(2), one => Assert.Equal(((FindingSeverity)severity, "zpool status tank"), (one.Severity, one.Mend)));
        Assert.NotEmpty(found.Skip(2));
        Assert.All(found.Skip(2), static one => Assert.Equal((FindingSeverity.Problem, false), (one.Severity, one.Fixed)));
    }

    private void Install(string program, string script)
    {
        var path = Path.Combine(_folder, program);
        File.WriteAllText(path, "#!/bin/sh\n" + script + "\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }
}
