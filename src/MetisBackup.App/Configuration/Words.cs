namespace MetisBackup.App.Configuration;

/// <summary>Members of enumerations as they are written in a file: <c>DrCreate</c> is <c>dr-create</c>.</summary>
internal static class Words
{
    /// <summary>All words of an enumeration.</summary>
    public static string[] All<T>()
        where T : struct, Enum => [.. Enum.GetNames<T>().Select(Written)];

    /// <summary>The member that a word means; the word is one of <see cref="All{T}"/>.</summary>
    public static T Of<T>(string word)
        where T : struct, Enum => Enum.Parse<T>(word.Replace("-", "", StringComparison.Ordinal), ignoreCase: true);

    private static string Written(string name) => string.Concat(name.Select(static (one, at) => at > 0 && char.IsUpper(one) ? $"-{char.ToLowerInvariant(one)}" : $"{char.ToLowerInvariant(one)}"));
}
