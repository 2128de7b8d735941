using System.Text.Json;
using System.Text.RegularExpressions;

namespace MetisBackup.IntegrationTests.Conformance;

/// <summary>
/// Compares an answer with the recorded one: status, media type, etag, location and x-arango headers, attribute names and value types at
/// every depth, and the error envelope. Ids, revisions, times and counters are free to differ.
/// </summary>
internal sealed partial class AnswerComparer(string version)
{
    private static readonly string[] Headers = ["etag", "location", "allow", "x-arango-error-codes"];
    private static readonly string[] ExactAttributes = ["error", "code", "errorNum", "errorMessage"];

    private readonly List<string> _differences = [];

    /// <summary>What differs; empty for nothing.</summary>
    public IReadOnlyList<string> Compare(RecordedAnswer expected, RecordedAnswer actual)
    {
        if (expected.Status != actual.Status)
        {
            _differences.Add($"status {actual.Status} instead of {expected.Status}: {actual.Body}");
            return _differences;
        }

        CompareHeaders(expected, actual);
        if (IsJson(expected))
        {
            using var expectedBody = JsonDocument.Parse(expected.Body);
            using var actualBody = JsonDocument.Parse(actual.Body.Length == 0 ? "null" : actual.Body);
            CompareValues("$", expectedBody.RootElement, actualBody.RootElement);
        }

        return _differences;
    }

    [GeneratedRegex("[0-9]+", RegexOptions.None, 1000)]
    private static partial Regex Digits();

    private static bool IsJson(RecordedAnswer answer) => MediaType(answer) == "application/json" && answer.Body.Trim().Length > 0;

    private static string MediaType(RecordedAnswer answer) => answer.Headers.GetValueOrDefault("content-type", "").Split(';')[0].Trim();

    private void CompareHeaders(RecordedAnswer expected, RecordedAnswer actual)
    {
        if (MediaType(expected) != MediaType(actual))
        {
            _differences.Add($"content-type {MediaType(actual)} instead of {MediaType(expected)}");
        }

        foreach (var header in Headers)
        {
            var wanted = expected.Headers.GetValueOrDefault(header);
            var found = actual.Headers.GetValueOrDefault(header);
            if (wanted is null != found is null || (wanted?.StartsWith('"') ?? false) != (found?.StartsWith('"') ?? false)
                || (header == "location" && wanted is not null && Digits().Replace(wanted, "N") != Digits().Replace(found!, "N")))
            {
                _differences.Add($"header {header}: {found ?? "(none)"} instead of {wanted ?? "(none)"}");
            }
        }
    }

    private void CompareValues(string path, JsonElement expected, JsonElement actual)
    {
        if (Type(expected) != Type(actual))
        {
            _differences.Add($"{path} is {Type(actual)} instead of {Type(expected)}");
        }
        else if (expected.ValueKind == JsonValueKind.Object)
        {
            CompareObjects(path, expected, actual);
        }
        else if (expected.ValueKind == JsonValueKind.Array)
        {
            CompareArrays(path, expected, actual);
        }
        else if (ExactAttributes.Any(name => path == "$." + name) && Shown(expected) != Shown(actual))
        {
            if (!KnownDifferences.AllowsText(version, Shown(expected), Shown(actual)))
            {
                _differences.Add($"{path} is {Shown(actual)} instead of {Shown(expected)}");
            }
        }
    }

    private static string Shown(JsonElement value) => Digits().Replace(value.ToString(), "N");

    private static string Type(JsonElement value) =>
        value.ValueKind is JsonValueKind.True or JsonValueKind.False ? "boolean" : value.ValueKind.ToString().ToLowerInvariant();

    private void CompareObjects(string path, JsonElement expected, JsonElement actual)
    {
        if (KnownDifferences.HasFreeNames(path))
        {
            return;
        }

        var names = expected.EnumerateObject()
            .GroupBy(static p => Digits().Replace(p.Name, "N"), StringComparer.Ordinal)
            .ToDictionary(static group => group.Key, static group => new Queue<JsonElement>(group.Select(static p => p.Value)), StringComparer.Ordinal);
        foreach (var property in actual.EnumerateObject())
        {
            if (names.TryGetValue(Digits().Replace(property.Name, "N"), out var values) && values.TryDequeue(out var value))
            {
                CompareValues($"{path}.{property.Name}", value, property.Value);
            }
            else if (!KnownDifferences.AllowsAdded(version, $"{path}.{property.Name}"))
            {
                _differences.Add($"{path}.{property.Name} was not recorded");
            }
        }

        foreach (var (name, left) in names)
        {
            if (left.Count > 0 && !KnownDifferences.AllowsMissing(version, $"{path}.{name}"))
            {
                _differences.Add($"{path}.{name} is missing");
            }
        }
    }

    private void CompareArrays(string path, JsonElement expected, JsonElement actual)
    {
        if (IsListOfJobs(path, expected))
        {
            return;
        }

        if (KnownDifferences.HasFreeLength(version, path))
        {
            CompareNamed(path, expected, actual);
            return;
        }

        if (expected.GetArrayLength() != actual.GetArrayLength())
        {
            _differences.Add($"{path} has {actual.GetArrayLength()} elements instead of {expected.GetArrayLength()}");
        }

        for (var i = 0; i < Math.Min(expected.GetArrayLength(), actual.GetArrayLength()); i++)
        {
            CompareValues($"{path}[{i}]", expected[i], actual[i]);
        }
    }

    /// <summary>The ids of what else ran on the server.</summary>
    private static bool IsListOfJobs(string path, JsonElement expected) =>
        path == "$" && expected.GetArrayLength() > 0
        && expected.EnumerateArray().All(static id => id.ValueKind == JsonValueKind.String && id.GetString()!.All(char.IsAsciiDigit));

    /// <summary>Compares the elements that both lists have, by their names.</summary>
    private void CompareNamed(string path, JsonElement expected, JsonElement actual)
    {
        foreach (var element in actual.EnumerateArray())
        {
            foreach (var other in expected.EnumerateArray().Where(other => NameOf(other) == NameOf(element)).Take(1))
            {
                CompareValues($"{path}[{NameOf(element)}]", other, element);
            }
        }
    }

    private static string? NameOf(JsonElement element) =>
        element.ValueKind != JsonValueKind.Object ? element.ToString()
            : element.TryGetProperty("name", out var name) || element.TryGetProperty("user", out name) ? name.ToString() : null;
}
