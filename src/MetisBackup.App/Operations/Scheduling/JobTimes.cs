using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Cronos;

namespace MetisBackup.App.Operations.Scheduling;

/// <summary>When a job is due. All its answers follow from what they are asked: it knows no clock and remembers nothing.</summary>
/// <param name="Name">What the job is called.</param>
/// <param name="Cron">When, in five fields.</param>
/// <param name="Zone">The zone of these fields.</param>
internal sealed record JobTimes(string Name, string Cron, TimeZoneInfo Zone)
{
    /// <summary>How late a job may begin and still count as begun on time: the clock is not looked at all the time.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(2);

    /// <summary>How far back the last time is looked for, in growing steps.</summary>
    private static readonly TimeSpan[] Windows = [Tolerance, TimeSpan.FromHours(1), TimeSpan.FromDays(1), TimeSpan.FromDays(31), TimeSpan.FromDays(366)];

    private readonly CronExpression _expression = CronExpression.Parse(Cron);

    /// <summary>The longest delay; each job has its own part of it, the same each time.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>Whose part of the jitter differs from that of others: the machine.</summary>
    public string Host { get; init; } = "";

    /// <summary>A missed time is made up for, once however many there were.</summary>
    public bool CatchesUp { get; init; } = true;

    /// <summary>Under this name the last due time is remembered: with other times it is another job, which has missed nothing.</summary>
    public string Key => $"{Name} {Cron} {Zone.Id}";

    /// <summary>How long after its time the job begins, in whole seconds.</summary>
    public TimeSpan Delay
    {
        get
        {
            var seconds = (uint)Jitter.TotalSeconds;
            return seconds == 0
                ? TimeSpan.Zero
                : TimeSpan.FromSeconds(BinaryPrimitives.ReadUInt32LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{Host} {Name}"))) % (seconds + 1));
        }
    }

    /// <summary>When the job begins next after a moment, its delay included; null when it never does.</summary>
    public DateTimeOffset? Next(DateTimeOffset after) => NextDue(after - Delay) + Delay;

    /// <summary>What is to be done now.</summary>
    /// <param name="last">The last due time that was dealt with, without the delay; null for a job that is new.</param>
    /// <param name="now">The time.</param>
    public DueState Look(DateTimeOffset? last, DateTimeOffset now)
    {
        var until = now - Delay;
        var dealt = last is { } known && !IsFarAhead(known, until) ? known : until;
        if (Latest(dealt, until) is not { } due)
        {
            return new DueState(DueKind.NotYet, dealt, NextDue(dealt) + Delay);
        }

        var kind = until - due <= Tolerance ? DueKind.OnTime : CatchesUp ? DueKind.Late : DueKind.Missed;
        return new DueState(kind, due, NextDue(due) + Delay);
    }

    /// <summary>
    /// A clock that was set back a little leaves one time dealt with that is still to come. More than one means that the clock was wrong then:
    /// believing it would let the job rest until that time.
    /// </summary>
    private bool IsFarAhead(DateTimeOffset last, DateTimeOffset now) => NextDue(now) is { } next && last > next;

    private DateTimeOffset? Latest(DateTimeOffset after, DateTimeOffset until)
    {
        if (NextDue(after) is not { } first || first > until)
        {
            return null;
        }

        foreach (var window in Windows)
        {
            if (until - window > after && NextDue(until - window) is { } found && found <= until)
            {
                return Last(found, until);
            }
        }

        return Last(first, until);
    }

    private DateTimeOffset Last(DateTimeOffset found, DateTimeOffset until)
    {
        while (NextDue(found) is { } later && later <= until)
        {
            found = later;
        }

        return found;
    }

    private DateTimeOffset? NextDue(DateTimeOffset after) => _expression.GetNextOccurrence(after, Zone);
}

/// <summary>How a job stands.</summary>
/// <param name="Kind">What is to be done.</param>
/// <param name="Due">The time, without the delay, that is due; when none is, the one that was dealt with last.</param>
/// <param name="Next">When the job begins after that, its delay included; null when it never does.</param>
internal sealed record DueState(DueKind Kind, DateTimeOffset Due, DateTimeOffset? Next);

/// <summary>What is to be done.</summary>
internal enum DueKind
{
    /// <summary>Nothing.</summary>
    NotYet,

    /// <summary>Its time has come.</summary>
    OnTime,

    /// <summary>Its time came while nobody looked, and it is made up for.</summary>
    Late,

    /// <summary>Its time came while nobody looked, and it is left out.</summary>
    Missed,
}
