using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace MetisBackup.Core.Comparing;

/// <summary>
/// Compares two JSON objects field by field, however their fields are ordered. Goes down into objects; arrays and other values are compared
/// as a whole, byte for byte. What it returns is small, however large the documents are.
/// </summary>
public sealed class DocumentComparison
{
    /// <summary>Most differences that are returned.</summary>
    public const int MostFields = 200;

    /// <summary>Longest value in bytes that is returned whole.</summary>
    public const int LongestValue = 16 * 1024;

    private const int CutTo = 1000;
    private const int Deepest = 32;
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = int.MaxValue };
    private readonly Func<string, bool> _isIgnored;
    private readonly List<FieldChange> _changes = [];
    private readonly List<string> _path = [];
    private int _more;

    private DocumentComparison(Func<string, bool> isIgnored) => _isIgnored = isIgnored;

    /// <summary>Compares two objects.</summary>
    /// <param name="before">The earlier one.</param>
    /// <param name="after">The later one.</param>
    /// <param name="isIgnored">Fields of the top level that do not matter.</param>
    /// <exception cref="JsonException">One of the texts is not JSON.</exception>
    public static FieldChanges Compare(ReadOnlyMemory<byte> before, ReadOnlyMemory<byte> after, Func<string, bool> isIgnored)
    {
        using var left = JsonDocument.Parse(before, Options);
        using var right = JsonDocument.Parse(after, Options);
        var comparison = new DocumentComparison(isIgnored);
        comparison.CompareValues(left.RootElement, right.RootElement);
        return new FieldChanges(comparison._changes, comparison._more);
    }

    private void CompareValues(JsonElement before, JsonElement after)
    {
        if (IsSame(before, after))
        {
            return;
        }

        if (before.ValueKind != JsonValueKind.Object || after.ValueKind != JsonValueKind.Object || _path.Count == Deepest)
        {
            Note(ChangeKind.Changed, before, after);
            return;
        }

        var rest = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in after.EnumerateObject())
        {
            rest[member.Name] = member.Value;
        }

        foreach (var member in before.EnumerateObject())
        {
            Within(member.Name, () =>
            {
                if (rest.Remove(member.Name, out var other))
                {
                    CompareValues(member.Value, other);
                }
                else
                {
                    Note(ChangeKind.Removed, member.Value, after: null);
                }
            });
        }

        foreach (var (name, value) in rest)
        {
            Within(name, () => Note(ChangeKind.Added, before: null, value));
        }
    }

    private void Within(string name, Action look)
    {
        if (_path.Count == 0 && _isIgnored(name))
        {
            return;
        }

        _path.Add(name);
        look();
        _path.RemoveAt(_path.Count - 1);
    }

    private void Note(ChangeKind kind, JsonElement? before, JsonElement? after)
    {
        if (_changes.Count == MostFields)
        {
            _more++;
            return;
        }

        _changes.Add(new FieldChange([.. _path], kind, Value(before), Value(after)));
    }

    private static FieldValue? Value(JsonElement? element)
    {
        if (element is not { } value)
        {
            return null;
        }

        var raw = JsonMarshal.GetRawUtf8Value(value);
        if (raw.Length <= LongestValue)
        {
            return new FieldValue(Encoding.UTF8.GetString(raw), raw.Length, IsCut: false);
        }

        var end = CutTo;
        while (end > 0 && (raw[end] & 0xc0) == 0x80)
        {
            end--;
        }

        return new FieldValue(Encoding.UTF8.GetString(raw[..end]), raw.Length, IsCut: true);
    }

    /// <summary>Equal texts, or strings that are spelled differently.</summary>
    private static bool IsSame(JsonElement before, JsonElement after) =>
        JsonMarshal.GetRawUtf8Value(before).SequenceEqual(JsonMarshal.GetRawUtf8Value(after))
        || (before.ValueKind == JsonValueKind.String && after.ValueKind == JsonValueKind.String && before.ValueEquals(after.GetString()));
}
