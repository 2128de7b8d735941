namespace MetisBackup.Storage.History;

/// <summary>Which troubles are open, and when somebody was last told: a memory that outlives a restart, and keeps two processes from telling twice.</summary>
public sealed partial class RunHistory
{
    /// <summary>Notes that a trouble is there and claims the right to tell of it.</summary>
    /// <param name="series">The series that has it.</param>
    /// <param name="trouble">What it is, for example <c>failure:create</c>.</param>
    /// <param name="now">The time.</param>
    /// <param name="repeat">How long nobody is told again; null for as long as it lasts.</param>
    /// <returns>Since when the trouble is there; null when it is not time to tell.</returns>
    public DateTimeOffset? ClaimAlarm(string series, string trouble, DateTimeOffset now, TimeSpan? repeat) => Guarded(() =>
    {
        // what was told in the future was told by a clock that was wrong
        using var command = Command(
            """
            INSERT INTO alarms (series, trouble, since, told) VALUES ($series, $trouble, $now, $now)
            ON CONFLICT (series, trouble) DO UPDATE SET told = $now WHERE told IS NULL OR told > $now OR told <= $before
            RETURNING since
            """,
            ("$series", series), ("$trouble", trouble), ("$now", now.ToUnixTimeMilliseconds()), ("$before", repeat is { } pause ? (now - pause).ToUnixTimeMilliseconds() : long.MinValue));
        return command.ExecuteScalar() is long since ? DateTimeOffset.FromUnixTimeMilliseconds(since) : (DateTimeOffset?)null;
    });

    /// <summary>Takes a claim back: nobody could be told, the next occasion is the first again.</summary>
    public void ReleaseAlarm(string series, string trouble) => Guarded(() =>
    {
        using var command = Command("UPDATE alarms SET told = NULL WHERE series = $series AND trouble = $trouble", ("$series", series), ("$trouble", trouble));
        return command.ExecuteNonQuery();
    });

    /// <summary>Notes that a trouble is over.</summary>
    /// <returns>Since when it was there; null when it was not, or nobody had been told of it.</returns>
    public DateTimeOffset? EndAlarm(string series, string trouble) => Guarded(() =>
    {
        using var command = Command(
            "DELETE FROM alarms WHERE series = $series AND trouble = $trouble RETURNING CASE WHEN told IS NULL THEN NULL ELSE since END", ("$series", series), ("$trouble", trouble));
        return command.ExecuteScalar() is long since ? DateTimeOffset.FromUnixTimeMilliseconds(since) : (DateTimeOffset?)null;
    });

    /// <summary>The troubles of all series that are open, the oldest first.</summary>
    public IReadOnlyList<OpenAlarm> OpenAlarms() => Guarded(() =>
    {
        using var command = Command("SELECT series, trouble, since FROM alarms ORDER BY since, series, trouble");
        using var reader = command.ExecuteReader();
        var open = new List<OpenAlarm>();
        while (reader.Read())
        {
            open.Add(new OpenAlarm(reader.GetString(0), reader.GetString(1), DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(2))));
        }

        return open;
    });

    /// <summary>The newest run of a series and operation that made a point; null when there is none.</summary>
    public RunRecord? NewestSuccess(string series, string operation) => Guarded(() =>
    {
        using var command = Command($"{Columns} WHERE series = $series AND operation = $operation AND exit_code IN (0, 3) ORDER BY id DESC LIMIT 1", ("$series", series), ("$operation", operation));
        using var reader = command.ExecuteReader();
        return reader.Read() ? RecordOf(reader) : null;
    });
}

/// <summary>A trouble that is not over.</summary>
/// <param name="Series">The series that has it.</param>
/// <param name="Trouble">What it is.</param>
/// <param name="Since">Since when.</param>
public sealed record OpenAlarm(string Series, string Trouble, DateTimeOffset Since);
