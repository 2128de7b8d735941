using System.Text;

namespace MetisBackup.Core.Naming;

/// <summary>Shows a text that came from outside in a message: quoted, on one line, never longer than a line.</summary>
public static class QuotedName
{
    private const int MaxShown = 60;

    /// <summary>The text in single quotes, control characters as <c>\uXXXX</c>, cut behind 60 characters.</summary>
    public static string Of(string text)
    {
        var shown = new StringBuilder("'");
        foreach (var rune in text.EnumerateRunes())
        {
            if (shown.Length > MaxShown)
            {
                shown.Append('…');
                break;
            }

            if (Rune.IsControl(rune) || Rune.GetUnicodeCategory(rune) is System.Globalization.UnicodeCategory.Format
                    or System.Globalization.UnicodeCategory.LineSeparator or System.Globalization.UnicodeCategory.ParagraphSeparator)
            {
                shown.Append(@"\u").Append(rune.Value.ToString("X4", System.Globalization.CultureInfo.InvariantCulture));
            }
            else
            {
                shown.Append(rune);
            }
        }

        return shown.Append('\'').ToString();
    }
}
