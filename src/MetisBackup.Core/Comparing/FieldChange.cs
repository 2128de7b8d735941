namespace MetisBackup.Core.Comparing;

/// <summary>What happened to something between two states.</summary>
public enum ChangeKind
{
    /// <summary>Only the later state has it.</summary>
    Added,

    /// <summary>Both have it, and it differs.</summary>
    Changed,

    /// <summary>Only the earlier state has it.</summary>
    Removed,
}

/// <summary>A value of a document as its JSON text, or the beginning of it.</summary>
/// <param name="Json">The text; not valid JSON where it was cut.</param>
/// <param name="Bytes">Size of the whole value in UTF-8.</param>
/// <param name="IsCut">Only the beginning is there.</param>
public sealed record FieldValue(string Json, int Bytes, bool IsCut);

/// <summary>One field that differs.</summary>
/// <param name="Path">Names from the top of the document down to the field.</param>
/// <param name="Kind">What happened to it.</param>
/// <param name="Before">The earlier value; null when it was added.</param>
/// <param name="After">The later value; null when it was removed.</param>
public sealed record FieldChange(IReadOnlyList<string> Path, ChangeKind Kind, FieldValue? Before, FieldValue? After);

/// <summary>The differences between two documents.</summary>
/// <param name="Shown">The first ones, in the order of the earlier document, added ones last.</param>
/// <param name="More">How many there are beyond those.</param>
public sealed record FieldChanges(IReadOnlyList<FieldChange> Shown, int More);
