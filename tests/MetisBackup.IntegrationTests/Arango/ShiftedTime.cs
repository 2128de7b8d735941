namespace MetisBackup.IntegrationTests.Arango;

/// <summary>The system's time, moved forward by hand. Timers run as ever.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    private long _shift;

    public override long TimestampFrequency => System.TimestampFrequency;

    public void Advance(TimeSpan by) => Interlocked.Add(ref _shift, by.Ticks);

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + new TimeSpan(Interlocked.Read(ref _shift));

    public override long GetTimestamp() =>
        System.GetTimestamp() + (long)(new TimeSpan(Interlocked.Read(ref _shift)).TotalSeconds * System.TimestampFrequency);
}
