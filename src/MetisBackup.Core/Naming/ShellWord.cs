namespace MetisBackup.Core.Naming;

/// <summary>Writes a name in a command that a user may copy into a shell. Nothing of ours ever goes through a shell itself.</summary>
public static class ShellWord
{
    /// <summary>The name as it is where every shell takes it so, otherwise in single quotes.</summary>
    public static string Of(string text) =>
        text.Length > 0 && text.All(static character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-' or '.' or ':') && text[0] != '-'
            ? text
            : "'" + text.Replace("'", @"'\''", StringComparison.Ordinal) + "'";
}
