using System.Collections.Concurrent;
using MetisBackup.App.Operations;

namespace MetisBackup.IntegrationTests.Operations;

/// <summary>Remembers what an operation told.</summary>
internal sealed class RecordedProgress : IOperationProgress
{
    private long _documents;

    public ConcurrentQueue<OperationPhase> Phases { get; } = new();

    public ConcurrentQueue<string> Notes { get; } = new();

    public long Documents => Interlocked.Read(ref _documents);

    /// <summary>Runs at every step forward; to interrupt in the middle.</summary>
    public Action<OperationPhase>? OnAdvance { get; init; }

    public void BeginPhase(OperationPhase phase, WorkTotal total) => Phases.Enqueue(phase);

    public void Advance(string subject, long documents, long bytes)
    {
        Interlocked.Add(ref _documents, documents);
        OnAdvance?.Invoke(Phases.Last());
    }

    public void Note(string message) => Notes.Enqueue(message);
}
