using MetisBackup.App.Configuration.Sections;
using MetisBackup.Core.Errors;
using Polly;
using Polly.Retry;

namespace MetisBackup.App.Supervision.Alarms;

/// <summary>An attempt failed in a way that another one may not.</summary>
internal sealed class PassingFailureException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>How often something is sent again, and how long one attempt may take.</summary>
/// <param name="settings">The limits.</param>
/// <param name="clock">Measures them.</param>
internal sealed class Delivery(AlarmSection settings, TimeProvider clock)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private readonly TimeSpan _limit = settings.Timeout;
    private readonly TimeProvider _clock = clock;
    private readonly ResiliencePipeline _pipeline = Build(settings.Retries, clock);

    /// <summary>How long one attempt may take.</summary>
    public TimeSpan Limit => _limit;

    /// <summary>Makes attempts until one succeeds, one fails for good, or there were enough.</summary>
    /// <param name="title">Who is told, for the message.</param>
    /// <param name="attempt">One attempt; <see cref="PassingFailureException"/> asks for another.</param>
    /// <param name="cancellationToken">Ends it at once.</param>
    /// <exception cref="MetisException">16: none succeeded.</exception>
    public async Task RunAsync(string title, Func<CancellationToken, Task> attempt, CancellationToken cancellationToken)
    {
        try
        {
            await _pipeline.ExecuteAsync(async token => await WithinLimitAsync(attempt, token), cancellationToken);
        }
        catch (PassingFailureException failure)
        {
            throw new MetisException(ErrorCode.ServerFailed, $"The {title} did not get through: {failure.Message}.", "try it with 'metis-backup alarms test'", failure.InnerException);
        }
    }

    private async Task WithinLimitAsync(Func<CancellationToken, Task> attempt, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_limit, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await attempt(either.Token);
        }
        catch (OperationCanceledException cause) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new PassingFailureException($"there was no answer within {_limit.TotalSeconds:0.###} seconds", cause);
        }
    }

    private static ResiliencePipeline Build(int retries, TimeProvider clock)
    {
        var builder = new ResiliencePipelineBuilder { TimeProvider = clock };
        return retries == 0
            ? builder.Build()
            : builder.AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = retries,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = FirstPause,
                MaxDelay = LongestPause,
                ShouldHandle = new PredicateBuilder().Handle<PassingFailureException>(),
            }).Build();
    }
}
