using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace MetisBackup.Core.Naming;

/// <summary>
/// The name of an operational snapshot: <c>metis_&lt;UTC yyyyMMdd_HHmmss&gt;_&lt;slug&gt;</c>. At most 90 characters of <c>a-z</c>,
/// <c>0-9</c> and <c>_</c>, hence safe as a folder name everywhere.
/// </summary>
public sealed record SnapshotName
{
    /// <summary>What a description without a usable letter or digit becomes.</summary>
    public const string UnnamedSlug = "snapshot";

    private const string Prefix = "metis_";
    private const string TimeFormat = "yyyyMMdd_HHmmss";
    private const int MaxSlugLength = 60;
    private const int MaxLength = 90;

    private SnapshotName(string value, DateTimeOffset createdAt)
    {
        Value = value;
        CreatedAt = createdAt;
    }

    /// <summary>The whole name.</summary>
    public string Value { get; }

    /// <summary>The UTC second that the name states.</summary>
    public DateTimeOffset CreatedAt { get; }

    /// <summary>The name for a snapshot made at <paramref name="time"/>; <paramref name="attempt"/> above 1 appends <c>_2</c>, <c>_3</c> ….</summary>
    public static SnapshotName Create(DateTimeOffset time, string description, int attempt)
    {
        var utc = time.ToUniversalTime();
        var suffix = attempt > 1 ? "_" + attempt.ToString(CultureInfo.InvariantCulture) : string.Empty;
        var value = Prefix + utc.ToString(TimeFormat, CultureInfo.InvariantCulture) + "_" + Slug(description) + suffix;
        return new SnapshotName(value, new DateTimeOffset(utc.Ticks - (utc.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero));
    }

    /// <summary>Whether a folder name is the name of a snapshot.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out SnapshotName? name)
    {
        name = null;
        var slugStart = Prefix.Length + TimeFormat.Length + 1;
        if (text.Length <= slugStart || text.Length > MaxLength || !text.StartsWith(Prefix, StringComparison.Ordinal) || text[slugStart - 1] != '_')
        {
            return false;
        }

        if (!text.All(character => character is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '_'))
        {
            return false;
        }

        var time = text.AsSpan(Prefix.Length, TimeFormat.Length);
        if (!DateTimeOffset.TryParseExact(time, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var createdAt))
        {
            return false;
        }

        name = new SnapshotName(text, createdAt.ToUniversalTime());
        return true;
    }

    /// <summary>
    /// The description in lower-case ASCII letters and digits; every run of anything else becomes one <c>_</c>, none at the ends, cut to
    /// 60 characters. <see cref="UnnamedSlug"/> when nothing is left.
    /// </summary>
    public static string Slug(string description)
    {
        var slug = new StringBuilder();
        foreach (var character in description)
        {
            if (slug.Length >= MaxSlugLength)
            {
                break;
            }

            if (char.IsAsciiLetterOrDigit(character))
            {
                slug.Append(char.ToLowerInvariant(character));
            }
            else if (slug.Length > 0 && slug[^1] != '_')
            {
                slug.Append('_');
            }
        }

        var trimmed = slug.ToString().TrimEnd('_');
        return trimmed.Length > 0 ? trimmed : UnnamedSlug;
    }

    /// <summary>The whole name.</summary>
    public override string ToString() => Value;
}
