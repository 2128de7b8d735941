using MetisBackup.Core.Revisions;

namespace MetisBackup.DevServer.Engine;

/// <summary>
/// Issues revision ids: milliseconds of the wall clock in the upper 44 bits, a counter in the lower 20, strictly rising
/// (arangodb-protocol 10.2).
/// </summary>
internal sealed class HybridClock(TimeProvider time, ulong last)
{
    private ulong _last = last;

    /// <summary>The last id issued or observed.</summary>
    public ulong Last => Volatile.Read(ref _last);

    /// <summary>The next id: greater than every one before, even when the wall clock stepped back.</summary>
    public RevisionId Next()
    {
        var now = (ulong)time.GetUtcNow().ToUnixTimeMilliseconds() << 20;
        while (true)
        {
            var seen = Volatile.Read(ref _last);
            var next = now > seen ? now : seen + 1;
            if (Interlocked.CompareExchange(ref _last, next, seen) == seen)
            {
                return new RevisionId(next);
            }
        }
    }

    /// <summary>Moves the clock past a foreign stamp (header x-arango-hlc); 0 and 2^64-1 are ignored.</summary>
    public void Observe(RevisionId stamp)
    {
        if (stamp.Value is 0 or ulong.MaxValue)
        {
            return;
        }

        var seen = Volatile.Read(ref _last);
        while (stamp.Value > seen)
        {
            var found = Interlocked.CompareExchange(ref _last, stamp.Value, seen);
            if (found == seen)
            {
                return;
            }

            seen = found;
        }
    }
}
