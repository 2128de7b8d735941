using System.Runtime.InteropServices;
using Polly;
using Polly.Retry;

namespace MetisBackup.Arango.Client;

/// <summary>
/// Which calls are sent again, and how often: repeatable ones after a broken transport, every one that the server turned away at the
/// door because its queue is full (arangodb-protocol 1.7).
/// </summary>
internal static class RetryRule
{
    private const int TransportTries = 5;
    private const int BusyTries = 12;
    private static readonly ResiliencePropertyKey<RetryFacts> FactsKey = new("facts");

    /// <summary>Facts about one call that the rule needs.</summary>
    /// <param name="Repeatable">It may be executed twice.</param>
    /// <param name="EverConnected">The server has answered this client before, so that a refused connection may be a restart.</param>
    [StructLayout(LayoutKind.Auto)]
    internal readonly record struct RetryFacts(bool Repeatable, bool EverConnected);

    /// <summary>Exponential pauses with jitter, bounded in number and length.</summary>
    public static ResiliencePipeline<ArangoResponse> Build(TimeSpan firstPause, TimeProvider clock) =>
        new ResiliencePipelineBuilder<ArangoResponse> { TimeProvider = clock }
            .AddRetry(new RetryStrategyOptions<ArangoResponse>
            {
                MaxRetryAttempts = BusyTries,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = firstPause,
                MaxDelay = firstPause * 40,
                ShouldHandle = static arguments => ValueTask.FromResult(ShouldRepeat(arguments)),
                OnRetry = static arguments =>
                {
                    arguments.Outcome.Result?.Dispose();
                    return default;
                },
            })
            .Build();

    /// <summary>Runs a call under the rule.</summary>
    public static async Task<ArangoResponse> RunAsync(
        ResiliencePipeline<ArangoResponse> pipeline, RetryFacts facts, Func<CancellationToken, Task<ArangoResponse>> send, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(FactsKey, facts);
        try
        {
            return await pipeline.ExecuteAsync(
                static async (context, send) => await send(context.CancellationToken),
                context,
                send);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private static bool ShouldRepeat(RetryPredicateArguments<ArangoResponse> arguments)
    {
        var facts = arguments.Context.Properties.GetValue(FactsKey, default);
        if (arguments.Outcome.Result is { } response)
        {
            var turnedAway = response.ErrorNumber == Protocol.ErrorNumber.QueueFull;
            return (facts.Repeatable || turnedAway) && ServerFailures.IsBusy((System.Net.HttpStatusCode)response.Status, response.ErrorNumber);
        }

        return arguments.Outcome.Exception is { } error
            && ServerFailures.IsTransport(error)
            && arguments.AttemptNumber < TransportTries
            && facts is { Repeatable: true, EverConnected: true };
    }
}
