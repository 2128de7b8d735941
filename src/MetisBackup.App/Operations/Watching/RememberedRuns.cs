using MetisBackup.App.Operations.Running;
using MetisBackup.Core.Errors;
using MetisBackup.Core.Forecasting;
using MetisBackup.Storage.History;

namespace MetisBackup.App.Operations.Watching;

/// <summary>What the history remembers of a series.</summary>
internal sealed record RememberedRuns
{
    /// <summary>There is no history yet.</summary>
    public static RememberedRuns None { get; } = new() { Creates = [] };

    /// <summary>Runs that took, or should have taken, a point, the newest first.</summary>
    public required IReadOnlyList<RunRecord> Creates { get; init; }

    /// <summary>Runs that verified points, the newest first.</summary>
    public IReadOnlyList<RunRecord> Verifications { get; init; } = [];

    /// <summary>The newest verification that ended with a verdict; null when there was none.</summary>
    public ProofStatus? Verification => ProofOf(Verifications);

    /// <summary>The newest drill that ended with a verdict; null when there was none.</summary>
    public ProofStatus? Drill { get; init; }

    /// <summary>The newest run that goes on; null when none does.</summary>
    public RunStart? Running { get; init; }

    /// <summary>Operations that run now: what they have not finished is not left behind.</summary>
    public IReadOnlySet<string> RunningOperations { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>The room that there was, the oldest first.</summary>
    public IReadOnlyList<SpaceSample> Space { get; init; } = [];

    /// <summary>The newest run that made a point and was not merely interrupted on its way.</summary>
    public RunRecord? LastMade => Creates.FirstOrDefault(static one => one.End is { ExitCode: 0 or (int)ErrorCode.Incomplete, Point: not null });

    /// <summary>Without the runs that made or verified one of these points.</summary>
    public RememberedRuns Without(IReadOnlySet<string> points)
    {
        bool IsOther(RunRecord run) => run.End?.Point is not { } point || !points.Contains(point);
        return this with { Creates = [.. Creates.Where(IsOther)], Verifications = [.. Verifications.Where(IsOther)] };
    }

    /// <summary>A verdict is all was well, or damage was found; what could not be run to its end is none.</summary>
    public static ProofStatus? ProofOf(IEnumerable<RunRecord> runs) => runs
        .Where(static one => one.End is { ExitCode: 0 or (int)ErrorCode.VerificationFailed })
        .Select(static one => new ProofStatus(one.Start.Operation, one.End!.Ended, one.End.ExitCode == 0, Seconds: null))
        .FirstOrDefault();
}

/// <summary>Reads the history: it is never made by looking at it.</summary>
/// <param name="path">The file.</param>
/// <param name="clock">The time.</param>
internal sealed class RememberedRunsReader(string path, TimeProvider clock)
{
    private const int Creates = 100;
    private const int Others = 20;

    /// <summary>What is remembered of the room.</summary>
    private static readonly TimeSpan SpaceMemory = TimeSpan.FromDays(30);

    /// <summary>Between two samples.</summary>
    private static readonly TimeSpan SpacePause = TimeSpan.FromHours(3);

    private readonly string _path = path;
    private readonly TimeProvider _clock = clock;

    /// <summary>Reads what is remembered of each series.</summary>
    /// <exception cref="MetisException">12: no rights. 1: it is damaged.</exception>
    public IReadOnlyDictionary<IWatchedPlace, RememberedRuns> Read(IReadOnlyList<IWatchedPlace> places)
    {
        if (!File.Exists(_path))
        {
            return places.ToDictionary(static one => one, static _ => RememberedRuns.None);
        }

        using var history = RunHistory.Open(_path, _clock);
        var since = _clock.GetUtcNow() - SpaceMemory;
        return places.ToDictionary(static one => one, place => Of(history, place, since));
    }

    /// <summary>Remembers the room of some places, at most every few hours, so that there is a rate one day.</summary>
    public void RememberSpace(IReadOnlyList<SpaceStatus> places)
    {
        if (!File.Exists(_path))
        {
            return;
        }

        using var history = RunHistory.Open(_path, _clock);
        var now = _clock.GetUtcNow();
        foreach (var place in places)
        {
            if (history.Space(place.Place, now - SpacePause).Count == 0)
            {
                history.AddSpace(place.Place, new SpaceSample(now, place.FreeBytes), now - SpaceMemory);
            }
        }
    }

    private static RememberedRuns Of(RunHistory history, IWatchedPlace place, DateTimeOffset since)
    {
        var running = history.Newest(place.Series, operation: null, Others).Where(static one => one.End is null).ToList();
        IEnumerable<RunRecord> verifications = history.Newest(place.Series, RunOperation.Verify, Others);
        if (place is StorePlace)
        {
            verifications = verifications.Concat(history.Newest(RunSeries.EveryDatabase, RunOperation.Verify, Others)).OrderByDescending(static one => one.Id);
        }

        return new RememberedRuns
        {
            Creates = history.Newest(place.Series, RunOperation.Create, Creates),
            Verifications = [.. verifications],
            Drill = RememberedRuns.ProofOf(history.Newest(place.Series, RunOperation.Drill, Others)),
            Running = running.FirstOrDefault()?.Start,
            RunningOperations = running.Select(static one => one.Start.Operation).ToHashSet(StringComparer.Ordinal),
            Space = history.Space(place.Place, since),
        };
    }
}
