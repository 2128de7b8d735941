using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using MetisBackup.Core.Errors;

namespace MetisBackup.Core.Naming;

/// <summary>
/// The part behind the <c>@</c> in the name of a snapshot of the DR tier: <c>dr_&lt;label&gt;_&lt;yyyyMMdd_HHmmss&gt;</c>, and
/// <c>_2</c>, <c>_3</c> … when a second has several. Ours state UTC; those of the earlier script state the local time of their machine.
/// </summary>
public sealed record DrSnapshotName
{
    /// <summary>Label of the nightly snapshots, the default.</summary>
    public const string Nightly = "nightly";

    /// <summary>Label of snapshots that are held and never pruned.</summary>
    public const string GoldenImage = "golden_image";

    /// <summary>Label of the state before a rollback.</summary>
    public const string BeforeRollback = "before_rollback";

    private const string Prefix = "dr_";
    private const string TimeFormat = "yyyyMMdd_HHmmss";
    private const int MaxLabel = 40;
    private const int MaxAttempt = 1000;

    private DrSnapshotName(string value, string label, DateTime statedTime) => (Value, Label, StatedTime) = (value, label, statedTime);

    /// <summary>The whole part behind the <c>@</c>.</summary>
    public string Value { get; }

    /// <summary>The label without <c>dr_</c>.</summary>
    public string Label { get; }

    /// <summary>The second that the name states, in a zone that the name does not state.</summary>
    public DateTime StatedTime { get; }

    /// <summary>The earlier script took snapshots with such a name.</summary>
    public bool CanBeOfEarlierScript => Label is Nightly or GoldenImage && Value.Length == Prefix.Length + Label.Length + 1 + TimeFormat.Length;

    /// <summary>The name for a snapshot taken at <paramref name="time"/>; <paramref name="attempt"/> above 1 appends <c>_2</c>, <c>_3</c> ….</summary>
    public static DrSnapshotName Create(string label, DateTimeOffset time, int attempt)
    {
        var text = time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);
        var suffix = attempt > 1 ? "_" + attempt.ToString(CultureInfo.InvariantCulture) : "";
        return TryParse($"{Prefix}{label}_{text}{suffix}", out var name) ? name : throw Unusable(label);
    }

    /// <summary>The label that a user gave, with or without <c>dr_</c> in front.</summary>
    /// <exception cref="MetisException">2: it cannot be a label.</exception>
    public static string RequireLabel(string text)
    {
        var label = text.StartsWith(Prefix, StringComparison.Ordinal) ? text[Prefix.Length..] : text;
        return IsLabel(label) ? label : throw Unusable(text);
    }

    /// <summary>Whether the part behind the <c>@</c> has this form.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out DrSnapshotName? name)
    {
        name = null;
        if (!text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        var parts = text[Prefix.Length..].Split('_');
        var counted = parts is [.., { Length: < 6 } attempt] && int.TryParse(attempt, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number is > 1 and < MaxAttempt && attempt[0] != '0';
        var end = parts.Length - (counted ? 1 : 0);
        if (end < 3)
        {
            return false;
        }

        var label = string.Join('_', parts[..(end - 2)]);
        if (!IsLabel(label) || !DateTime.TryParseExact($"{parts[end - 2]}_{parts[end - 1]}", TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
        {
            return false;
        }

        name = new DrSnapshotName(text, label, time);
        return true;
    }

    /// <summary>The whole part behind the <c>@</c>.</summary>
    public override string ToString() => Value;

    private static bool IsLabel(string text) =>
        text.Length is > 0 and <= MaxLabel && char.IsAsciiLetterLower(text[0]) && text[^1] != '_' && text.All(static one => char.IsAsciiLetterLower(one) || char.IsAsciiDigit(one) || one == '_');

    private static MetisException Unusable(string text) => new(
        ErrorCode.Usage, $"{QuotedName.Of(text)} cannot be the label of a snapshot.", "a label has 1 to 40 of a-z, 0-9 and _, begins with a letter and does not end with _");
}
