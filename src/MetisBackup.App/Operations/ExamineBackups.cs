using MetisBackup.App.Operations.Examining;
using MetisBackup.App.Operations.Running;
using MetisBackup.App.Operations.Watching;
using MetisBackup.Core.Errors;

namespace MetisBackup.App.Operations;

/// <summary>What <see cref="ExamineBackups"/> needs.</summary>
/// <param name="Examinations">What is looked at.</param>
/// <param name="Fix">Mend what is safe to mend.</param>
internal sealed record ExamineBackupsRequest(IReadOnlyList<IExamination> Examinations, bool Fix)
{
    /// <summary>How long each examination may take; mending may take longer.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);
}

/// <summary>Looks for everything that needs a person, each area by itself: what cannot be examined is a finding too.</summary>
internal sealed class ExamineBackups(TimeProvider clock)
{
    private readonly TimeProvider _clock = clock;

    /// <summary>Runs the operation.</summary>
    /// <returns>The worst first within each area.</returns>
    public async Task<IReadOnlyList<Finding>> RunAsync(ExamineBackupsRequest request, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        foreach (var examination in request.Examinations.OrderBy(static one => ExaminedArea.OrderOf(one.Area)))
        {
            findings.AddRange((await ExamineAsync(examination, request, cancellationToken)).OrderByDescending(static one => one.Severity).Select(one => one with { Area = examination.Area }));
        }

        return [.. findings.Distinct()];
    }

    private async Task<IReadOnlyList<Finding>> ExamineAsync(IExamination examination, ExamineBackupsRequest request, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(request.Fix ? Timeout.InfiniteTimeSpan : request.Patience, _clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var token = both.Token;
        try
        {
            return await Task.Run(() => examination.RunAsync(request.Fix, token), CancellationToken.None).WaitAsync(token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return [new Finding(FindingSeverity.Problem, $"{examination.Subject} did not answer within {SpanText.Of(request.Patience)}.", "look whether it hangs, then run doctor again")];
        }
#pragma warning disable CA1031 // what cannot be examined is a finding; the other areas are looked at all the same
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            var failure = Failure.Of(error);
            return [new Finding(failure.Code == ErrorCode.Locked ? FindingSeverity.Warning : FindingSeverity.Problem, failure.Message, failure.Hint)];
        }
    }
}
