using System.Globalization;
using MetisBackup.Core.Errors;
using MetisBackup.Storage.History;

namespace MetisBackup.App.Operations.Running;

/// <summary>The result of a run, and what its witnesses could not do.</summary>
/// <param name="Result">What the operation returned.</param>
/// <param name="ExitCode">That of the operation; 3 when it succeeded and a witness could not do its part.</param>
/// <param name="Warnings">One sentence for each thing that a witness could not do.</param>
internal sealed record Supervised<T>(T Result, int ExitCode, IReadOnlyList<string> Warnings);

/// <summary>Runs an operation before witnesses: they hear of the beginning in their order and of the end in the reverse order, and never change its outcome.</summary>
/// <param name="witnesses">Who is told.</param>
/// <param name="clock">The time.</param>
/// <param name="warn">Told what a witness could not do when the run itself failed.</param>
internal sealed class SupervisedRun(IReadOnlyList<IRunWitness> witnesses, TimeProvider clock, Action<string> warn)
{
    /// <summary>What an interrupted run allows its witnesses.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(10);

    private readonly IReadOnlyList<IRunWitness> _witnesses = witnesses;
    private readonly TimeProvider _clock = clock;
    private readonly Action<string> _warn = warn;

    /// <summary>Runs the operation.</summary>
    /// <param name="subject">What it is about.</param>
    /// <param name="operation">Does the work.</param>
    /// <param name="describe">What is worth remembering of its result.</param>
    /// <param name="cancellationToken">Interrupts it.</param>
    /// <exception cref="Exception">Whatever the operation threw, or a witness that refused the run.</exception>
    public async Task<Supervised<T>> RunAsync<T>(RunSubject subject, Func<CancellationToken, Task<T>> operation, Func<T, RunFacts> describe, CancellationToken cancellationToken)
    {
        var start = new RunStart(subject.Series, subject.Operation, subject.Cause, _clock.GetUtcNow());
        var present = new Stack<IRunWitness>();
        T result;
        try
        {
            foreach (var witness in _witnesses)
            {
                await witness.BeforeAsync(start, cancellationToken);
                present.Push(witness);
            }

            result = await operation(cancellationToken);
        }
        catch (Exception error)
        {
            var failure = error is OperationCanceledException && cancellationToken.IsCancellationRequested
                ? new MetisException(ErrorCode.Interrupted, "The run was interrupted.")
                : Failure.Of(error);
            foreach (var warning in await TellAsync(present, start, new RunEnd(_clock.GetUtcNow(), (int)failure.Code) { Message = failure.Message, Hint = failure.Hint }, cancellationToken))
            {
                _warn(warning);
            }

            throw;
        }

        var facts = describe(result);
        var end = new RunEnd(_clock.GetUtcNow(), facts.ExitCode) { Point = facts.Point, Bytes = facts.Bytes, NewBytes = facts.NewBytes, Message = facts.Message };
        var warnings = await TellAsync(present, start, end, cancellationToken);
        return new Supervised<T>(result, facts.ExitCode == 0 && warnings.Count > 0 ? (int)ErrorCode.Incomplete : facts.ExitCode, warnings);
    }

    private static async ValueTask<IReadOnlyList<string>> TellAsync(IEnumerable<IRunWitness> present, RunStart start, RunEnd end, CancellationToken cancellationToken)
    {
        using var farewell = new CancellationTokenSource();
        if (cancellationToken.IsCancellationRequested)
        {
            farewell.CancelAfter(Farewell);
        }

        var warnings = new List<string>();
        foreach (var witness in present)
        {
            try
            {
                warnings.AddRange(await witness.AfterAsync(start, With(end, warnings), cancellationToken.IsCancellationRequested ? farewell.Token : cancellationToken));
            }
#pragma warning disable CA1031 // the outcome of the run stands, whatever a witness meets
            catch (Exception error)
#pragma warning restore CA1031
            {
                warnings.Add(string.Create(CultureInfo.InvariantCulture, $"After the {start.Operation}: {Failure.Of(error).Message}"));
            }
        }

        return warnings;
    }

    /// <summary>A success beside which a witness could not do its part is told to the next one as what it is.</summary>
    private static RunEnd With(RunEnd end, List<string> warnings) =>
        end.ExitCode == 0 && warnings.Count > 0 ? end with { ExitCode = (int)ErrorCode.Incomplete, Message = warnings[0] } : end;
}
