using MetisBackup.App.Operations.Running;
using MetisBackup.Core.Errors;
using MetisBackup.Storage.History;

namespace MetisBackup.UnitTests.App.Running;

public sealed class SupervisedRunTests
{
    private static readonly RunSubject Nightly = new(RunSeries.Operational("a"), RunOperation.Create, RunCause.Schedule);
    private readonly List<string> _events = [];
    private readonly List<string> _notes = [];

    [Fact]
    public async Task Witnesses_hear_of_the_beginning_in_order_and_of_the_end_in_reverse()
    {
        var run = await RunAsync(_ => Task.FromResult(7), new RunFacts { Point = "p", Bytes = 3 }, Witness("first"), Witness("second"));
        Assert.Equal(7, run.Result);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(["first before", "second before", "second after 0 p", "first after 0 p"], _events);
    }

    [Fact]
    public async Task What_a_witness_could_not_do_is_exit_code_3_and_a_warning()
    {
        var run = await RunAsync(_ => Task.FromResult(7), new RunFacts(), Witness("mail", after: () => throw new IOException("the line is dead")), Witness("other"));
        Assert.Equal((int)ErrorCode.Incomplete, run.ExitCode);
        Assert.Contains("the line is dead", Assert.Single(run.Warnings), StringComparison.Ordinal);
        Assert.Contains("other after 0 ", _events);
    }

    [Fact]
    public async Task The_code_of_the_operation_wins()
    {
        var run = await RunAsync(_ => Task.FromResult(7), new RunFacts { ExitCode = 14 }, Witness("mail", after: () => throw new IOException("no")));
        Assert.Equal(14, run.ExitCode);
    }

    [Fact]
    public async Task A_failure_is_told_and_goes_on_as_it_was()
    {
        var failure = new MetisException(ErrorCode.NoSpace, "No space is left.");
        var thrown = await Assert.ThrowsAsync<MetisException>(() => RunAsync(_ => Task.FromException<int>(failure), new RunFacts(), Witness("first", after: () => throw new IOException("no")), Witness("second")));
        Assert.Same(failure, thrown);
        Assert.Equal("second after 17 ", _events[^1]);
        Assert.Contains("no", Assert.Single(_notes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_witness_can_refuse_and_only_those_who_heard_of_the_beginning_hear_of_the_end()
    {
        var began = false;
        await Assert.ThrowsAsync<MetisException>(() => RunAsync(
            _ => Task.FromResult(began = true),
            new RunFacts(),
            Witness("history"),
            Witness("hook", before: () => throw new MetisException(ErrorCode.ServerFailed, "The hook failed.")),
            Witness("never")));
        Assert.False(began);
        Assert.Equal(["history before", "hook before", "history after 16 "], _events);
    }

    [Fact]
    public async Task An_interruption_is_told_to_witnesses_that_can_still_act()
    {
        using var interruption = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync(
            async token =>
            {
                await interruption.CancelAsync();
                token.ThrowIfCancellationRequested();
                return 0;
            },
            new RunFacts(),
            interruption.Token,
            Witness("history")));
        Assert.Equal("history after 130 ", _events[^1]);
        Assert.Empty(_notes);
    }

    [Fact]
    public async Task The_history_witness_writes_a_run_down()
    {
        var folder = Directory.CreateTempSubdirectory("metis-witness-");
        var path = Path.Combine(folder.FullName, "history.db");
        await RunAsync(_ => Task.FromResult(7), new RunFacts { Point = "p" }, new HistoryWitness(path, TimeProvider.System));
        using (var history = RunHistory.Open(path, TimeProvider.System))
        {
            Assert.Equal("p", Assert.Single(history.Newest(Nightly.Series, Nightly.Operation, 2)).End!.Point);
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_history_that_cannot_be_written_is_a_warning()
    {
        var run = await RunAsync(_ => Task.FromResult(7), new RunFacts(), new HistoryWitness("/proc/metis/history.db", TimeProvider.System));
        Assert.Equal((int)ErrorCode.Incomplete, run.ExitCode);
        Assert.Contains("history", Assert.Single(run.Warnings), StringComparison.Ordinal);
    }

    private Task<Supervised<T>> RunAsync<T>(Func<CancellationToken, Task<T>> operation, RunFacts facts, params IRunWitness[] witnesses) =>
        RunAsync(operation, facts, TestContext.Current.CancellationToken, witnesses);

    private Task<Supervised<T>> RunAsync<T>(Func<CancellationToken, Task<T>> operation, RunFacts facts, CancellationToken cancellationToken, params IRunWitness[] witnesses) =>
        new SupervisedRun(witnesses, TimeProvider.System, _notes.Add).RunAsync(Nightly, operation, _ => facts, cancellationToken);

    private FakeWitness Witness(string name, Action? before = null, Action? after = null) => new(name, _events, before, after);

    private sealed class FakeWitness(string name, List<string> events, Action? before, Action? after) : IRunWitness
    {
        public ValueTask BeforeAsync(RunStart start, CancellationToken cancellationToken)
        {
            events.Add($"{name} before");
            before?.Invoke();
            return ValueTask.CompletedTask;
        }

        public ValueTask<IReadOnlyList<string>> AfterAsync(RunStart start, RunEnd end, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            after?.Invoke();
            events.Add($"{name} after {end.ExitCode} {end.Point}");
            return ValueTask.FromResult<IReadOnlyList<string>>([]);
        }
    }
}
