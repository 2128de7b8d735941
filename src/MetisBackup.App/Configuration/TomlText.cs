using System.Globalization;
using System.Text;

namespace MetisBackup.App.Configuration;

/// <summary>Values as they stand in a file.</summary>
internal static class TomlText
{
    /// <summary>A value of any form.</summary>
    public static string Of(object raw) => raw switch
    {
        bool flag => flag ? "true" : "false",
        long number => number.ToString(CultureInfo.InvariantCulture),
        IReadOnlyList<string> texts => $"[{string.Join(", ", texts.Select(Quoted))}]",
        _ => Quoted((string)raw),
    };

    private static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"", text.Length + 2);
        foreach (var one in text)
        {
            _ = one switch
            {
                '"' or '\\' => quoted.Append('\\').Append(one),
                _ when char.IsControl(one) => quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)one:x4}"),
                _ => quoted.Append(one),
            };
        }

        return quoted.Append('"').ToString();
    }
}
