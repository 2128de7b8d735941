using System.Diagnostics.CodeAnalysis;
using MetisBackup.Core.Errors;

namespace MetisBackup.Core.Naming;

/// <summary>
/// The name of a ZFS file system: a pool and, behind slashes, the levels below it; at most 255 characters. A legal name never begins
/// with <c>-</c>, so no program takes it for an option.
/// </summary>
public sealed record DatasetName
{
    private const int MaxLength = 255;

    private DatasetName(string value) => Value = value;

    /// <summary>The whole name: <c>dbpool/arangodb</c>.</summary>
    public string Value { get; }

    /// <summary>The pool: <c>dbpool</c>.</summary>
    public string Pool => Value.Split('/', 2)[0];

    /// <summary>The data set is the top of its pool, which can be neither cloned into place nor renamed.</summary>
    public bool IsPool => !Value.Contains('/', StringComparison.Ordinal);

    /// <summary>Whether a text can name a file system.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out DatasetName? name)
    {
        var legal = text.Length is > 0 and <= MaxLength && char.IsAsciiLetter(text[0]) && text.Split('/').All(IsLevel);
        name = legal ? new DatasetName(text) : null;
        return legal;
    }

    /// <summary>Returns a name that a user gave.</summary>
    /// <exception cref="MetisException">2: ZFS would not accept the name.</exception>
    public static DatasetName Require(string text) => TryParse(text, out var name)
        ? name
        : throw new MetisException(
            ErrorCode.Usage,
            $"{QuotedName.Of(text)} cannot be the name of a data set.",
            "write it like dbpool/arangodb: letters, digits, '-', '_', '.', ':' and spaces between slashes, beginning with a letter");

    /// <summary>Whether the characters can stand in one level of a name, or behind the <c>@</c> of a snapshot.</summary>
    public static bool IsLevel(string text) =>
        text.Length > 0 && text is not ("." or "..") && text.All(static one => char.IsAsciiLetterOrDigit(one) || one is '-' or '_' or '.' or ':' or ' ');

    /// <summary>A data set beside this one: its own name with something appended.</summary>
    /// <exception cref="MetisException">2: the result would be too long.</exception>
    public DatasetName Beside(string suffix) => Require(Value + suffix);

    /// <summary>The data set that lies at <paramref name="relative"/> below this one; this one for an empty text.</summary>
    /// <param name="relative">Empty, or beginning with <c>/</c>.</param>
    public DatasetName At(string relative) => Require(Value + relative);

    /// <summary>Where <paramref name="other"/> lies below this one: empty for itself, otherwise beginning with <c>/</c>; null when elsewhere.</summary>
    public string? Relative(DatasetName other) =>
        other.Value == Value ? "" : other.Value.StartsWith(Value + "/", StringComparison.Ordinal) ? other.Value[Value.Length..] : null;

    /// <summary>The name of a snapshot of this data set.</summary>
    /// <exception cref="MetisException">2: ZFS would not accept the name.</exception>
    public string Snapshot(string name) => IsLevel(name) && Value.Length + 1 + name.Length <= MaxLength
        ? $"{Value}@{name}"
        : throw new MetisException(ErrorCode.Usage, $"{QuotedName.Of(name)} cannot be the name of a snapshot of {Value}.", "'metis-backup dr list' shows the names");

    /// <summary>The whole name.</summary>
    public override string ToString() => Value;
}
