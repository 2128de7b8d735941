using System.Text.Json;
using System.Text.Json.Serialization;
using MetisBackup.Arango.Client;

namespace MetisBackup.App.Operations.DisasterRecovery;

/// <summary>
/// What the server held when a snapshot was taken, counted before and after it. It is kept as a property of the snapshot, so it lives and
/// dies with it.
/// </summary>
internal sealed record RecordedContent
{
    /// <summary>A property of ZFS holds 8 KiB at most, less in old versions.</summary>
    private const int LongestProperty = 4000;

    /// <summary>Version of the server.</summary>
    public required string Server { get; init; }

    /// <summary>By name; null when there are too many for a property.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SortedDictionary<string, DatabaseRange>? Databases { get; init; }

    /// <summary>Number of databases.</summary>
    public required int Count { get; init; }

    /// <summary>All databases together.</summary>
    public required DatabaseRange Total { get; init; }

    /// <summary>From the counts before and after; null when a database was made or removed in between, which says nothing about the snapshot.</summary>
    public static RecordedContent? Of(string server, IReadOnlyDictionary<string, DatabaseCount> before, IReadOnlyDictionary<string, DatabaseCount> after)
    {
        if (!before.Keys.SequenceEqual(after.Keys, StringComparer.Ordinal))
        {
            return null;
        }

        var ranges = new SortedDictionary<string, DatabaseRange>(before.ToDictionary(one => one.Key, one => DatabaseRange.Of(one.Value, after[one.Key]), StringComparer.Ordinal), StringComparer.Ordinal);
        return new RecordedContent
        {
            Server = server,
            Databases = ranges,
            Count = ranges.Count,
            Total = new DatabaseRange(
                ranges.Values.Sum(static one => one.FewestCollections), ranges.Values.Sum(static one => one.MostCollections), ranges.Values.Sum(static one => one.FewestDocuments), ranges.Values.Sum(static one => one.MostDocuments)),
        };
    }

    /// <summary>The value of the property.</summary>
    public string ToProperty()
    {
        var text = JsonSerializer.Serialize(this, RecordedContentJson.Default.RecordedContent);
        return text.Length <= LongestProperty ? text : JsonSerializer.Serialize(this with { Databases = null }, RecordedContentJson.Default.RecordedContent);
    }

    /// <summary>From the value of the property; null when there is none, or it was changed by hand.</summary>
    public static RecordedContent? FromProperty(string? text)
    {
        try
        {
            return text is null ? null : JsonSerializer.Deserialize(text, RecordedContentJson.Default.RecordedContent);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>In what way a server differs from what was recorded, one sentence each; empty when it does not.</summary>
    public IEnumerable<string> DifferencesFrom(IReadOnlyDictionary<string, DatabaseCount> found)
    {
        if (Databases is null)
        {
            return found.Count == Count ? Total.DifferencesFrom("The server", new DatabaseCount(found.Values.Sum(static one => one.Collections), found.Values.Sum(static one => one.Documents)))
                : [$"There are {found.Count} databases instead of {Count}."];
        }

        var missing = Databases.Keys.Except(found.Keys, StringComparer.Ordinal).Select(static name => $"Database {name} is missing.");
        var unknown = found.Keys.Except(Databases.Keys, StringComparer.Ordinal).Select(static name => $"Database {name} was not there.");
        return [.. missing, .. unknown, .. Databases.Where(one => found.ContainsKey(one.Key)).SelectMany(one => one.Value.DifferencesFrom($"Database {one.Key}", found[one.Key]))];
    }
}

/// <summary>Between what bounds the content of a database lay while the snapshot was taken.</summary>
internal sealed record DatabaseRange(int FewestCollections, int MostCollections, long FewestDocuments, long MostDocuments)
{
    /// <summary>
    /// The bounds for two counts. Where they differ there were writes, and between the counts the number may have gone beyond both: the
    /// bounds are wider by the difference.
    /// </summary>
    public static DatabaseRange Of(DatabaseCount before, DatabaseCount after)
    {
        var collections = Math.Abs(after.Collections - before.Collections);
        var documents = Math.Abs(after.Documents - before.Documents);
        return new DatabaseRange(
            Math.Max(0, Math.Min(before.Collections, after.Collections) - collections),
            Math.Max(before.Collections, after.Collections) + collections,
            Math.Max(0, Math.Min(before.Documents, after.Documents) - documents),
            Math.Max(before.Documents, after.Documents) + documents);
    }

    /// <summary>In what way a count lies outside.</summary>
    public IEnumerable<string> DifferencesFrom(string whose, DatabaseCount found)
    {
        if (found.Collections < FewestCollections || found.Collections > MostCollections)
        {
            yield return $"{whose} has {found.Collections} collections instead of {Text(FewestCollections, MostCollections)}.";
        }

        if (found.Documents < FewestDocuments || found.Documents > MostDocuments)
        {
            yield return $"{whose} has {found.Documents} documents instead of {Text(FewestDocuments, MostDocuments)}.";
        }
    }

    private static string Text(long least, long most) => least == most ? $"{least}" : $"{least} to {most}";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RecordedContent))]
internal sealed partial class RecordedContentJson : JsonSerializerContext;
