using MetisBackup.Core.Forecasting;

namespace MetisBackup.Storage.History;

/// <summary>The part that remembers how much room there was.</summary>
public sealed partial class RunHistory
{
    /// <summary>How much room a place had, oldest first.</summary>
    /// <param name="place">The place, in the words of who wrote it down.</param>
    /// <param name="since">Nothing older.</param>
    public IReadOnlyList<SpaceSample> Space(string place, DateTimeOffset since) => Guarded(() =>
    {
        using var command = Command("SELECT at, free FROM space WHERE place = $place AND at >= $since ORDER BY at", ("$place", place), ("$since", since.ToUnixTimeMilliseconds()));
        using var reader = command.ExecuteReader();
        var samples = new List<SpaceSample>();
        while (reader.Read())
        {
            samples.Add(new SpaceSample(DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(0)), reader.GetInt64(1)));
        }

        return samples;
    });

    /// <summary>Writes down how much room a place has, and forgets what is older than <paramref name="since"/>.</summary>
    public void AddSpace(string place, SpaceSample sample, DateTimeOffset since) => Guarded(() =>
    {
        using var command = Command(
            "INSERT OR REPLACE INTO space (place, at, free) VALUES ($place, $at, $free); DELETE FROM space WHERE at < $since",
            ("$place", place), ("$at", sample.At.ToUnixTimeMilliseconds()), ("$free", sample.FreeBytes), ("$since", since.ToUnixTimeMilliseconds()));
        return command.ExecuteNonQuery();
    });
}
