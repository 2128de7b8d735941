using MetisBackup.Core.Naming;
using MetisBackup.Storage.Processes;
using MetisBackup.Storage.Zfs;

namespace MetisBackup.UnitTests.Storage.Zfs;

public sealed class ZfsFormTests
{
    private const string Unknown = "invalid option 'p'\n";
    private static readonly DatasetName Dataset = DatasetName.Require("p/d");

    [Fact]
    public async Task The_new_form_lists_with_one_command_and_no_probe()
    {
        var runner = new RecordedRunner(command => new ProcessResult(0, command.Contains("guid", StringComparison.Ordinal) ? "p/d@b\t2\t20\np/d@a\t1\t10\n" : "", ""));

        var snapshots = await Reader(runner).ListSnapshotsAsync(Dataset, TestContext.Current.CancellationToken);

        Assert.Equal(["a", "b"], snapshots.Select(one => one.Name));
        Assert.Equal(["zfs list -Hp -t snapshot -o name,guid,createtxg -d 1 p/d"], runner.Commands);
    }

    [Fact]
    public async Task The_old_form_takes_identities_from_properties_and_leaves_out_what_is_no_snapshot()
    {
        var runner = new RecordedRunner(command => command.StartsWith("zfs list", StringComparison.Ordinal)
            ? new ProcessResult(2, "", Unknown)
            : new ProcessResult(0, "p/d\tguid\t9\t-\np/d\tcreatetxg\t1\t-\np/d@a\tguid\t5551773906546126072\t-\np/d@a\tcreatetxg\t12\t-\np/d/c\tguid\t8\t-\np/d/c\tcreatetxg\t2\t-\n", ""));

        var snapshots = await Reader(runner).ListSnapshotsAsync(Dataset, TestContext.Current.CancellationToken);

        Assert.Equal([new ZfsSnapshot(Dataset, "a", 5551773906546126072, 12)], snapshots);
    }

    [Fact]
    public async Task Holds_that_cannot_be_named_are_no_failure()
    {
        var runner = new RecordedRunner(_ => new ProcessResult(255, "internal error: /usr/lib/zfs/pyzfs.py not found\n", ""));

        Assert.Empty(await Reader(runner).ListHoldsAsync(["p/d@a"], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Snapshots_are_destroyed_in_batches_that_fit_a_command_line()
    {
        var runner = new RecordedRunner(_ => new ProcessResult(0, "", ""));
        var names = Enumerable.Range(0, 10_000).Select(number => $"dr_nightly_20260101_{number:000000}").ToList();

        var failures = await Writer(runner).DestroySnapshotsAsync(Dataset, names, recursive: false, TestContext.Current.CancellationToken);

        Assert.Empty(failures);
        var batches = runner.Commands.Where(command => !command.Contains(" -n ", StringComparison.Ordinal)).ToList();
        Assert.Equal(3, batches.Count);
        Assert.All(batches, command => Assert.InRange(command.Length, 1, 101_000));
        Assert.Equal(10_000, batches.Sum(command => command.Split(',').Length));
    }

    [Fact]
    public async Task One_that_cannot_be_destroyed_does_not_stop_the_others()
    {
        var runner = new RecordedRunner(command => command switch
        {
            _ when command.Contains(" -n ", StringComparison.Ordinal) => new ProcessResult(0, "", ""),
            _ when command.StartsWith("zfs list", StringComparison.Ordinal) => new ProcessResult(0, "", ""),
            _ when command.Contains(',', StringComparison.Ordinal) || command.EndsWith("destroy p/d@b", StringComparison.Ordinal) => new ProcessResult(1, "", "cannot destroy 'p/d@b': dataset is busy\n"),
            _ => new ProcessResult(0, "", ""),
        });

        var failures = await Writer(runner).DestroySnapshotsAsync(Dataset, ["a", "b", "c"], recursive: false, TestContext.Current.CancellationToken);

        Assert.Equal(["b"], failures.Keys);
        Assert.Contains("zfs destroy p/d@c", runner.Commands);
    }

    private static ZfsReader Reader(RecordedRunner runner)
    {
        var program = new ZfsProgram(runner, "zfs");
        return new ZfsReader(program, new ZfsCapabilities(program, Dataset));
    }

    private static ZfsWriter Writer(RecordedRunner runner)
    {
        var program = new ZfsProgram(runner, "zfs");
        var capabilities = new ZfsCapabilities(program, Dataset);
        return new ZfsWriter(program, capabilities, new ZfsReader(program, capabilities), TimeProvider.System);
    }
}
