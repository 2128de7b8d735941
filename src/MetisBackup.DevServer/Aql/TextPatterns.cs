using System.Text;
using System.Text.RegularExpressions;

namespace MetisBackup.DevServer.Aql;

/// <summary>LIKE and regular expressions.</summary>
internal static class TextPatterns
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary><c>%</c> stands for any text, <c>_</c> for one character; a backslash takes the meaning away.</summary>
    public static bool Like(string text, string pattern, bool ignoreCase)
    {
        var regex = new StringBuilder("^");
        for (var i = 0; i < pattern.Length; i++)
        {
            var c = pattern[i];
            if (c == '\\' && i + 1 < pattern.Length)
            {
                regex.Append(Regex.Escape(pattern[++i].ToString()));
            }
            else
            {
                regex.Append(c switch { '%' => ".*", '_' => ".", _ => Regex.Escape(c.ToString()) });
            }
        }

        return Regex.IsMatch(text, regex.Append('$').ToString(), Options(ignoreCase) | RegexOptions.Singleline, Patience);
    }

    public static bool IsMatch(string text, string pattern, bool ignoreCase) => Regex.IsMatch(text, pattern, Options(ignoreCase), Patience);

    public static string Replace(string text, string pattern, string replacement, bool ignoreCase) =>
        Regex.Replace(text, pattern, replacement, Options(ignoreCase), Patience);

    public static string[] Split(string text, string pattern, bool ignoreCase) => Regex.Split(text, pattern, Options(ignoreCase), Patience);

    private static RegexOptions Options(bool ignoreCase) =>
        RegexOptions.CultureInvariant | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None);
}
